package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.Backoff;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.operations.driven.Redrives;
import dev.millrace.ports.operations.driven.Redrives.Lease;
import dev.millrace.ports.operations.driving.DriveRedrives;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Drives one job after the other, a second's worth at a time. What it does is in the database after
 * each event, so that another process goes on where this one dies. Used by one thread.
 */
public final class Redriving implements DriveRedrives {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** As many seconds without a word, and another process takes over. */
    private static final Duration TERM = Duration.ofSeconds(10);

    private final Redrives redrives;
    private final String holder;
    private final Backoff afterOutage;
    private final DoubleSupplier random;
    private Optional<Lease> lease = Optional.empty();
    private int outages;

    /**
     * @param holder the name of this process, for a person
     * @param random from 0 to below 1, for the jitter after an outage
     */
    public Redriving(Redrives redrives, String holder, Backoff afterOutage, DoubleSupplier random) {
        this.redrives = Objects.requireNonNull(redrives);
        this.holder = Objects.requireNonNull(holder);
        this.afterOutage = Objects.requireNonNull(afterOutage);
        this.random = Objects.requireNonNull(random);
    }

    @Override
    public Duration drive() {
        try {
            if (lease.isEmpty()) {
                lease = redrives.take(holder, TERM);
            }
            lease.ifPresent(this::drive);
            outages = 0;
            return SECOND;
        } catch (Unavailable outage) {
            outages++;
            return afterOutage.delay(outages, random.getAsDouble());
        }
    }

    private void drive(Lease held) {
        Redrives.Advance advance =
                redrives.advance(held, TERM, job -> job.pace().after(job.tally(), job.most()));
        boolean ours = advance.ours();
        for (long event : advance.events()) {
            ours = ours && redrives.retry(held, event);
        }
        if (!ours) {
            lease = Optional.empty();
        }
    }
}
