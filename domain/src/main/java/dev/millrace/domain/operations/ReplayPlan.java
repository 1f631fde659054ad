package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.SubscriptionId;

import java.util.Objects;

/**
 * What a replay is to do.
 *
 * @param outOfOrder whether a gap is filled even behind which later events of its key have a record
 * @param rate how many copies a second it reads at most
 */
public record ReplayPlan(
        SubscriptionId subscription,
        ReplayScope scope,
        ReplayMode mode,
        boolean outOfOrder,
        int rate) {

    /** The highest rate that may be asked for. */
    public static final int MAX_RATE = 100_000;

    /**
     * @throws InvalidValue when it cannot be meant so
     */
    public ReplayPlan {
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(mode);
        if (outOfOrder && mode != ReplayMode.FILL_GAPS) {
            throw new InvalidValue("outOfOrder", "is for fill-gaps alone");
        }
        if (rate < 1 || rate > MAX_RATE) {
            throw new InvalidValue("rate", "must be a whole number from 1 to " + MAX_RATE);
        }
    }
}
