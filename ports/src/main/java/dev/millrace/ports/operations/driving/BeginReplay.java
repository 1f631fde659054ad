package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.Signature;

/** Has a subscription's topic gone through once more, by a job. Thread-safe. */
@FunctionalInterface
public interface BeginReplay {

    /**
     * Begins it; it goes on by itself.
     *
     * @throws dev.millrace.ports.Unavailable when the broker or the database is away, or nobody
     *     knows whether it was done; the audit log tells then
     */
    ReplayBeginning begin(ReplayPlan plan, Signature signature);
}
