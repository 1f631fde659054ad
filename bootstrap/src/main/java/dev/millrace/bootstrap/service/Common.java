package dev.millrace.bootstrap.service;

import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.metrics.Metrics;
import dev.millrace.bootstrap.metrics.MicrometerMeasurements;
import dev.millrace.bootstrap.status.FlowSources;
import dev.millrace.bootstrap.tracing.Spans;

import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * What all roles of one process share.
 *
 * @param flow where what is known of the flow is found
 * @param process the name of this process among all of them
 * @param share how long a part may take to stop, asked when the stop has begun
 */
record Common(
        Configuration configuration,
        InstantSource clock,
        DoubleSupplier random,
        Metrics metrics,
        MicrometerMeasurements measurements,
        Spans spans,
        FlowSources flow,
        String process,
        Readiness readiness,
        Startup startup,
        Background background,
        DecisionThreads decisions,
        Supplier<Duration> share) {

    static double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Told apart by chance too: in containers every process may have the id 1. */
    static String processName() {
        String chance = UUID.randomUUID().toString().substring(0, 8);
        return "millrace-" + ProcessHandle.current().pid() + "-" + chance;
    }

    /** Waits like after any other outage. */
    Waiting waiting() {
        return new Waiting(configuration.outage().backoff(), random, readiness);
    }
}
