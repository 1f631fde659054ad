package dev.millrace.ports.usecase;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.Cursor;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driving.PurgeRecords;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Lets the idempotency records of one subscription go once they are older than the horizon and than
 * its oldest unacknowledged copy. A caller must not retry a message ID after the horizon.
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
     * @param horizon how long a record is kept, by its copy's publish time
     * @param step how many records one transaction deletes at most
     */
    public RecordPurging(
            SubscriptionId subscription,
            Duration horizon,
            int step,
            Cursor cursor,
            RecordStore records,
            InstantSource clock) {
        this.subscription = Objects.requireNonNull(subscription);
        this.horizon = Objects.requireNonNull(horizon);
        this.step = step;
        this.cursor = Objects.requireNonNull(cursor);
        this.records = Objects.requireNonNull(records);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public long purge() {
        Instant aged = clock.instant().minus(horizon);
        Instant acknowledged = cursor.acknowledgedBefore(subscription);
        Instant watermark = aged.isBefore(acknowledged) ? aged : acknowledged;
        long purged = 0;
        int last;
        do {
            last = records.purge(subscription, watermark, step);
            purged += last;
        } while (last == step);
        return purged;
    }
}
