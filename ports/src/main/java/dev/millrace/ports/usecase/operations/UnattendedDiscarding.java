package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.driving.PurgeRecords;
import dev.millrace.ports.operations.driven.Quarantine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * Gives up what has lain in quarantine for too long, one event at a time and as a person would: the
 * audit log tells of each.
 */
public final class UnattendedDiscarding implements PurgeRecords {

    private static final String ACTOR = "millrace";

    private final Duration patience;
    private final int page;
    private final Quarantine quarantine;
    private final InstantSource clock;

    /**
     * Discards from one quarantine.
     *
     * @param patience how long an event waits for a person
     * @param page how many are looked at at once
     */
    public UnattendedDiscarding(
            Duration patience, int page, Quarantine quarantine, InstantSource clock) {
        if (!patience.isPositive()) {
            throw new InvalidValue("patience", "must be positive");
        }
        if (page < 1) {
            throw new InvalidValue("page", "must be at least 1");
        }
        this.patience = patience;
        this.page = page;
        this.quarantine = Objects.requireNonNull(quarantine);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public long purge() {
        QuarantineFilter unattended =
                new QuarantineFilter(
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        QuarantineFilter.FIRST,
                        clock.instant().minus(patience));
        Signature signature =
                new Signature(ACTOR, "nobody dealt with it for " + patience.toDays() + " days");
        long discarded = 0;
        long after = 0;
        List<QuarantinedEvent> events;
        do {
            events = quarantine.list(unattended, after, page);
            for (QuarantinedEvent event : events) {
                after = event.id();
                if (quarantine.discard(event.id(), signature) instanceof Disposal.Discarded) {
                    discarded++;
                }
            }
        } while (events.size() == page);
        return discarded;
    }
}
