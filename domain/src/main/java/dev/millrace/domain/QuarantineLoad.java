package dev.millrace.domain;

import java.time.Duration;

/**
 * How much of a subscription waits for a person.
 *
 * @param copies how many are in quarantine
 * @param oldest how long the first of them has been there; zero when there is none
 */
public record QuarantineLoad(long copies, Duration oldest) {

    public QuarantineLoad {
        if (copies < 0 || oldest.isNegative()) {
            throw new InvalidValue("load", "must have no negative part");
        }
    }
}
