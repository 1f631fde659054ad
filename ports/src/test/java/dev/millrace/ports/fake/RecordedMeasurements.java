package dev.millrace.ports.fake;

import dev.millrace.domain.Fate;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.flow.BatchShape;
import dev.millrace.ports.driven.Measurements;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measurements that a test can read back. Thread-safe. */
public final class RecordedMeasurements implements Measurements {

    private final Map<String, Integer> ingested = new TreeMap<>();
    private final List<Duration> published = new ArrayList<>();
    private final List<Transaction> transactions = new ArrayList<>();
    private final List<Processed> processed = new ArrayList<>();
    private final List<Fate> failed = new ArrayList<>();
    private int probes;
    private final List<Processed> released = new ArrayList<>();

    /** One transaction, as it was reported. */
    public record Transaction(SubscriptionId subscription, BatchShape batch, Duration duration) {}

    /** One delivery's outcome, as it was reported. */
    public record Processed(SubscriptionId subscription, Outcome outcome, Duration lag) {}

    @Override
    public synchronized void ingested(StreamName stream, String result, int items) {
        ingested.merge(stream + " " + result, items, Integer::sum);
    }

    @Override
    public synchronized void published(StreamName stream, Duration duration) {
        published.add(duration);
    }

    @Override
    public synchronized void committed(
            SubscriptionId subscription, BatchShape batch, Duration duration) {
        transactions.add(new Transaction(subscription, batch, duration));
    }

    @Override
    public synchronized void processed(SubscriptionId subscription, Outcome outcome, Duration lag) {
        processed.add(new Processed(subscription, outcome, lag));
    }

    @Override
    public synchronized void probed(SubscriptionId subscription) {
        probes++;
    }

    @Override
    public synchronized void failed(SubscriptionId subscription, Fate fate) {
        failed.add(fate);
    }

    @Override
    public synchronized void released(SubscriptionId subscription, Outcome outcome, Duration lag) {
        released.add(new Processed(subscription, outcome, lag));
    }

    /** How often a lane tried whether an outage is over. */
    public synchronized int probes() {
        return probes;
    }

    /** What became of the events whose tries failed, in their order. */
    public synchronized List<Fate> failed() {
        return List.copyOf(failed);
    }

    /** The outcomes of parked events in their order. */
    public synchronized List<Processed> released() {
        return List.copyOf(released);
    }

    /** Items by {@code stream result}. */
    public synchronized Map<String, Integer> ingested() {
        return Map.copyOf(ingested);
    }

    /** How long each publication took. */
    public synchronized List<Duration> published() {
        return List.copyOf(published);
    }

    /** The transactions in their order. */
    public synchronized List<Transaction> transactions() {
        return List.copyOf(transactions);
    }

    /** The outcomes in their order. */
    public synchronized List<Processed> processed() {
        return List.copyOf(processed);
    }
}
