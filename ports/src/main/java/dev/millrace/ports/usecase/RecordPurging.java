package dev.millrace.ports.usecase;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.Cursor;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driving.PurgeRecords;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Lets the idempotency records of one subscription go once they are older, by a horizon, than its
 * oldest unacknowledged copy: also a retry that has waited for long in the backlog finds its
 * record. A caller must not retry a message ID after the horizon.
 */
public final class RecordPurging implements PurgeRecords {

    private final SubscriptionId subscription;
    private final Duration horizon;
    private final int step;
    private final Cursor cursor;
    private final RecordStore records;
    private final InstantSource clock;

    /**
     * Purges for one subscription.
     *
     * @param horizon how long a caller may go on retrying a message ID
     * @param step how many records one transaction deletes at most
     */
    public RecordPurging(
            SubscriptionId subscription,
            Duration horizon,
            int step,
            Cursor cursor,
            RecordStore records,
            InstantSource clock) {
        if (!horizon.isPositive()) {
            throw new InvalidValue("horizon", "must be positive");
        }
        if (step < 1) {
            throw new InvalidValue("step", "must be at least 1");
        }
        this.subscription = Objects.requireNonNull(subscription);
        this.horizon = horizon;
        this.step = step;
        this.cursor = Objects.requireNonNull(cursor);
        this.records = Objects.requireNonNull(records);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public long purge() {
        Instant now = clock.instant();
        Instant acknowledged = cursor.acknowledgedBefore(subscription);
        // A copy still to come may be a retry of an event that was published a horizon before it,
        // so the horizon counts from the oldest of those copies, not from today.
        Instant watermark = (acknowledged.isBefore(now) ? acknowledged : now).minus(horizon);
        long purged = 0;
        int last;
        do {
            last = records.purge(subscription, watermark, step);
            purged += last;
        } while (last == step);
        return purged;
    }
}
