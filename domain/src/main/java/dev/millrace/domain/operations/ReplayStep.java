package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;

import java.util.List;
import java.util.Objects;

/**
 * A part of a replay that is done.
 *
 * @param reached what is left of its partition
 * @param copies how many it has looked at
 * @param inFlight how many of them were not acknowledged and not yet anything else
 * @param purged how many of them are older than the purge's watermark and have no record
 * @param findings in the order of the copies
 */
public record ReplayStep(
        ReplaySpan reached, long copies, long inFlight, long purged, List<ReplayFinding> findings) {

    public ReplayStep {
        Objects.requireNonNull(reached);
        findings = List.copyOf(findings);
        if (inFlight < 0 || purged < 0 || copies < inFlight + purged) {
            throw new InvalidValue("step", "must count what there is");
        }
    }
}
