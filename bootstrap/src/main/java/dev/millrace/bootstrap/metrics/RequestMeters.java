package dev.millrace.bootstrap.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** How requests to take events were answered, and after how long. Thread-safe. */
public final class RequestMeters {

    /** There from the start: what appears with its first count has no rate before the second. */
    private static final List<Integer> EXPECTED =
            List.of(202, 207, 400, 413, 415, 429, 500, 503, 504);

    private final MeterRegistry registry;
    private final Map<Integer, Timer> byStatus = new ConcurrentHashMap<>();

    /** Registers the series of the statuses that a gate answers with. */
    public RequestMeters(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry);
        EXPECTED.forEach(status -> byStatus.put(status, timer(status)));
    }

    /** A request has its answer. */
    public void answered(int status, Duration took) {
        byStatus.computeIfAbsent(status, this::timer).record(took);
    }

    private Timer timer(int status) {
        return Timer.builder("millrace.gate.request")
                .description("From the head of a request to take events to the end of its answer")
                .tag("status", Integer.toString(status))
                .serviceLevelObjectives(MicrometerMeasurements.QUICK)
                .register(registry);
    }
}
