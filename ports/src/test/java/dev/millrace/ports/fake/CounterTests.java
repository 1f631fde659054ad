package dev.millrace.ports.fake;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tests in which events of the counter arrive in one database in memory. */
abstract class CounterTests {

    /** Of one test. */
    final InMemoryDatabase database = new InMemoryDatabase();

    private final Map<SubscriptionId, InMemoryInbox<CountEvent, Count, Counted>> inboxes =
            new ConcurrentHashMap<>();

    final InMemoryInbox<CountEvent, Count, Counted> inboxOf(SubscriptionId subscription) {
        return inboxes.computeIfAbsent(
                subscription,
                id ->
                        new InMemoryInbox<>(
                                database,
                                id,
                                CounterStream.STREAM,
                                count -> count.value() >= 0,
                                InstantSource.system()));
    }

    /** Where they arrive, each subscription with counters of its own. */
    public final Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription) {
        return inboxOf(subscription);
    }

    /** From now on the database is away. */
    public final void makeUnavailable() {
        database.makeUnavailable();
    }

    /** The database is back. */
    public final void makeAvailable() {
        database.makeAvailable();
    }
}
