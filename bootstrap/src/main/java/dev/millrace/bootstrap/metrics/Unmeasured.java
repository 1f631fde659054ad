package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.Fate;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.flow.BatchShape;
import dev.millrace.ports.driven.Measurements;

import java.time.Duration;
import java.util.Objects;

/**
 * Counts failed tries alone: what is replayed is old, and its lag would say nothing of the traffic.
 */
public final class Unmeasured implements Measurements {

    private final Measurements measurements;

    public Unmeasured(Measurements measurements) {
        this.measurements = Objects.requireNonNull(measurements);
    }

    @Override
    public void ingested(StreamName stream, String result, int items) {}

    @Override
    public void published(StreamName stream, Duration duration) {}

    @Override
    public void committed(SubscriptionId subscription, BatchShape batch, Duration duration) {}

    @Override
    public void processed(SubscriptionId subscription, Outcome outcome, Duration lag) {}

    @Override
    public void probed(SubscriptionId subscription) {}

    @Override
    public void failed(SubscriptionId subscription, Fate fate) {
        measurements.failed(subscription, fate);
    }

    @Override
    public void released(SubscriptionId subscription, Outcome outcome, Duration lag) {}
}
