package dev.millrace.e2e;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A caller that sends single events, each once, and remembers the answer to each. */
final class Prober {

    /** Between two events of a caller: enough of them, and time for other tests. */
    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private final Supplier<URI> gate;
    private final String prefix;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Statuses statuses = new Statuses();
    private final Set<String> missingRetryAfter = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;

    /**
     * @param prefix of its message IDs and accounts
     */
    Prober(Supplier<URI> gate, String prefix) {
        this.gate = gate;
        this.prefix = prefix;
    }

    /** A new event on an account of its own. */
    Report report() {
        return report(prefix + "-" + next.getAndIncrement());
    }

    /** The event with this message ID, on an account of the same name. */
    static Report report(String id) {
        return new Report(id, id, "credit", 1, "CZK", Instant.EPOCH, Planted.PAYLOAD);
    }

    static Http.Answer post(URI gate, Report report) {
        return Http.post(
                gate.resolve("/v1/streams/ledger-entries/events"),
                "application/json",
                report.json());
    }

    /** Starts so many callers. */
    void start(int callers) {
        for (int i = 0; i < callers; i++) {
            threads.add(Thread.ofVirtual().start(this::probe));
        }
    }

    private void probe() {
        while (running) {
            Report report = report();
            underWay.incrementAndGet();
            Http.Answer answer = post(gate.get(), report);
            underWay.decrementAndGet();
            statuses.put(report.messageId(), answer.status());
            if (answer.status() == 503 && answer.retryAfter().isEmpty()) {
                missingRetryAfter.add(report.messageId());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Ends the callers and waits for their last answers. */
    void stop() {
        running = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How many events have been sent and not been answered. */
    int underWay() {
        return underWay.get();
    }

    boolean saw(int status) {
        return !statuses.with(status).isEmpty();
    }

    /** Message IDs that were answered so. */
    List<String> withStatus(int status) {
        return statuses.with(status);
    }

    /** How many events were answered how; 0 for no answer. */
    Map<Integer, Integer> counts() {
        return statuses.counts();
    }

    Set<String> missingRetryAfter() {
        return missingRetryAfter;
    }
}
