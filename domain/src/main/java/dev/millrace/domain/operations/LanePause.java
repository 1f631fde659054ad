package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.Objects;

/**
 * A person's wish that nothing of a subscription is applied, in any process, until it is taken
 * back.
 */
public record LanePause(SubscriptionName subscription, Signature signature, Instant at) {

    public LanePause {
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(signature);
        Objects.requireNonNull(at);
    }

    @Override
    public String toString() {
        String why = signature.why();
        return "paused by " + signature.by() + " at " + at + (why.isEmpty() ? "" : ": " + why);
    }
}
