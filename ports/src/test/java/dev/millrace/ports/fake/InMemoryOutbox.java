package dev.millrace.ports.fake;

import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.Outbox;
import dev.millrace.ports.fake.InMemoryDatabase.Entered;
import dev.millrace.ports.fake.InMemoryDatabase.Records;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The outbox of one subscription of an {@link InMemoryDatabase}. Thread-safe. */
public final class InMemoryOutbox implements Outbox {

    private final InMemoryDatabase database;
    private final SubscriptionId subscription;
    private final InstantSource clock;

    /** The entries into this subscription's quarantine. */
    public InMemoryOutbox(
            InMemoryDatabase database, SubscriptionId subscription, InstantSource clock) {
        this.database = Objects.requireNonNull(database);
        this.subscription = Objects.requireNonNull(subscription);
        this.clock = Objects.requireNonNull(clock);
    }

    private Records records() {
        database.requireAvailable();
        return database.recordsOf(subscription);
    }

    @Override
    public OutboxLoad load() {
        synchronized (database) {
            Records records = records();
            Instant now = clock.instant();
            return new OutboxLoad(
                    records.outbox.size(),
                    records.outbox.values().stream()
                            .map(Entered::at)
                            .min(Instant::compareTo)
                            .map(oldest -> Duration.between(oldest, now))
                            .orElse(Duration.ZERO));
        }
    }

    @Override
    public Optional<Turn> take(String owner, Duration term, int limit) {
        synchronized (database) {
            Records records = records();
            Instant now = clock.instant();
            boolean ours = records.turnOwner.equals(owner);
            if (!ours && now.isBefore(records.turnUntil)) {
                return Optional.empty();
            }
            if (!ours) {
                records.fence++;
            }
            records.turnOwner = owner;
            records.turnUntil = now.plus(term);
            return Optional.of(
                    new Turn(
                            records.fence,
                            records.outbox.values().stream()
                                    .map(Entered::letter)
                                    .limit(limit)
                                    .toList()));
        }
    }

    @Override
    public boolean confirm(long fence, Set<Long> published, Duration term) {
        synchronized (database) {
            Records records = records();
            if (records.fence != fence) {
                return false;
            }
            records.outbox.keySet().removeAll(published);
            records.turnUntil = clock.instant().plus(term);
            return true;
        }
    }
}
