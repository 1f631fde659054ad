package dev.millrace.adapters.http.callers;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each caller, at most so many of them. Thread-safe.
 *
 * <p>A bucket goes only once it is full again, which is the same as none: so no flood of other
 * names gives a caller back what it has spent. While none can go, the callers that have no bucket
 * share one.
 */
final class CallerBuckets {

    private final CallerRate rate;
    private final int most;
    private final TimeMeter clock;
    private final Map<String, Bucket> byCaller = new LinkedHashMap<>(16, 0.75f, true);
    private final Bucket shared;

    CallerBuckets(CallerRate rate, int most, TimeMeter clock) {
        this.rate = rate;
        this.most = most;
        this.clock = clock;
        this.shared = newBucket();
    }

    /**
     * Takes the token of one event.
     *
     * @return how long the caller must wait for one; zero when it has it
     */
    synchronized Duration take(String caller) {
        ConsumptionProbe probe = bucket(caller).tryConsumeAndReturnRemaining(1);
        return Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    private Bucket bucket(String caller) {
        @Nullable Bucket known = byCaller.get(caller);
        if (known != null) {
            return known;
        }
        if (byCaller.size() == most && !dropLeastRecentlyUsed()) {
            return shared;
        }
        Bucket fresh = newBucket();
        byCaller.put(caller, fresh);
        return fresh;
    }

    /** The longest unused one is full again when any is because of its age. */
    private boolean dropLeastRecentlyUsed() {
        Map.Entry<String, Bucket> eldest = byCaller.entrySet().iterator().next();
        boolean full = eldest.getValue().getAvailableTokens() >= rate.burst();
        if (full) {
            byCaller.remove(eldest.getKey());
        }
        return full;
    }

    private Bucket newBucket() {
        return Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(rate.burst())
                                .refillGreedy(rate.eventsPerSecond(), Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }
}
