package dev.millrace.ports.driven;

import dev.millrace.domain.Fate;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.flow.BatchShape;

import java.time.Duration;

/** Where the engine counts and times what it does. Thread-safe, quick, and never fails. */
public interface Measurements {

    /**
     * Items of one stream got one result at the gate: {@code accepted}, {@code invalid}, {@code
     * throttled} …
     */
    void ingested(StreamName stream, String result, int items);

    /** One event was published, or its time was over, so long after it was handed to the broker. */
    void published(StreamName stream, Duration duration);

    /** One transaction applied a batch in so much time. */
    void committed(SubscriptionId subscription, BatchShape batch, Duration duration);

    /**
     * One delivery has its outcome.
     *
     * @param lag commit time less publish time
     */
    void processed(SubscriptionId subscription, Outcome outcome, Duration lag);

    /** A lane tried whether an outage is over. */
    void probed(SubscriptionId subscription);

    /**
     * One try of an event has failed by its own fault.
     *
     * @param fate what becomes of it
     */
    void failed(SubscriptionId subscription, Fate fate);

    /**
     * One parked event has come to an outcome, perhaps to be parked again.
     *
     * @param lag commit time less publish time
     */
    void released(SubscriptionId subscription, Outcome outcome, Duration lag);
}
