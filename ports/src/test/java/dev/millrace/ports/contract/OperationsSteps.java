package dev.millrace.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.SubscribedKey;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.ParkedEvents.Patience;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.driven.Settlement;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What the tests of operations do to have something to operate on, and how they look at it. */
interface OperationsSteps extends OperationsTables {

    /** What comes of an event that has failed for the last time. */
    Fate EXHAUSTED = new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED);

    default List<QuarantinedEvent> list(QuarantineFilter filter) {
        return quarantine().list(filter, 0, 1_000);
    }

    /** The event that alone needs a person. */
    default QuarantinedEvent only() {
        List<QuarantinedEvent> events = list(QuarantineFilter.ANY);
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    default void retry(QuarantinedEvent event) {
        assertThat(quarantine().retry(event.id(), ANNA)).isInstanceOf(Retrial.Parked.class);
    }

    default void discard(QuarantinedEvent event) {
        assertThat(quarantine().discard(event.id(), BERT)).isInstanceOf(Disposal.Discarded.class);
    }

    /** A key of the subscription that most tests are about. */
    default SubscribedKey counts(String key) {
        return new SubscribedKey(CounterStream.NAME, "counts", new Key(key));
    }

    /** The state that the record of a message has. */
    default String state(String messageId) {
        return history().outcomes(CounterStream.NAME, new MessageId(messageId)).getFirst().state();
    }

    default ParkedEvents<CountEvent, Count, Counted> parked() {
        return parkedEvents(COUNTS, AfterQuarantine.WAITS);
    }

    /** The queue of the one key that is due. */
    default List<ParkedEvent> queue() {
        return parked().queue(parked().due(1).getFirst(), 100);
    }

    default void given(SubscriptionId subscription, List<Delivery<CountEvent>> batch) {
        assertThat(apply(subscription, batch)).hasSize(batch.size());
    }

    default void givenParked(
            SubscriptionId subscription, Duration delay, List<Delivery<CountEvent>> batch) {
        assertThat(park(subscription, delay, batch)).hasSize(batch.size());
    }

    /** What fails is to be tried again at once. */
    default List<Outcome> apply(SubscriptionId subscription, List<Delivery<CountEvent>> batch) {
        return park(subscription, Duration.ZERO, batch);
    }

    /** What fails is to be tried again after a delay. */
    default List<Outcome> park(
            SubscriptionId subscription, Duration delay, List<Delivery<CountEvent>> batch) {
        Deciding<CountEvent, Count, Counted> deciding =
                (events, known) ->
                        new PlainDeciding<>(CounterStream.STREAM, true)
                                .on(events, known, _ -> 0, new Fate.Retry(delay));
        Settlement settlement = inbox(subscription).apply(batch, deciding);
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        return ((Settlement.Committed) settlement).outcomes();
    }

    default void quarantineHead(SubscriptionId subscription, List<Delivery<CountEvent>> batch) {
        quarantineHead(subscription, AfterQuarantine.WAITS, batch);
    }

    /** The first of these fails twice, and then needs a person. */
    default void quarantineHead(
            SubscriptionId subscription,
            AfterQuarantine afterQuarantine,
            List<Delivery<CountEvent>> batch) {
        given(subscription, batch);
        ParkedEvents<CountEvent, Count, Counted> parked =
                parkedEvents(subscription, afterQuarantine);
        List<ParkedEvent> head = parked.queue(parked.due(1).getFirst(), 1);
        assertThat(release(parked, head, EXHAUSTED, id -> false))
                .containsExactly(new Outcome.Quarantined(Reason.ATTEMPTS_EXHAUSTED));
    }

    /** Tries the queue of the one key that is due: what is not mended fails again. */
    default List<Outcome> release(Predicate<String> mended) {
        return release(parked(), queue(), new Fate.Retry(Duration.ZERO), mended);
    }

    /** Tries the queue of the one key that is due, of which nothing is mended. */
    default List<Outcome> release(Fate fate) {
        return release(parked(), queue(), fate, id -> false);
    }

    /**
     * Tries the beginning of a queue.
     *
     * @param fate of an event that fails
     * @param mended tells by the message ID whether an event does not fail any more
     */
    default List<Outcome> release(
            ParkedEvents<CountEvent, Count, Counted> parked,
            List<ParkedEvent> run,
            Fate fate,
            Predicate<String> mended) {
        Release release = parked.release(run, Patience.WAIT, CountVerdicts.on(run, fate, mended));
        assertThat(release).isInstanceOf(Release.Committed.class);
        return ((Release.Committed) release).outcomes();
    }
}
