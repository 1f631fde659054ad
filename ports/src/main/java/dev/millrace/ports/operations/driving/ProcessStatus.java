package dev.millrace.ports.operations.driving;

import dev.millrace.domain.flow.Bottleneck;
import dev.millrace.domain.flow.Flow;
import dev.millrace.ports.Condition;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * How one process fared at one moment, as far as it knows.
 *
 * @param at when that was
 * @param instance the name of this process among all of them
 * @param version of the program
 * @param roles in lower case
 * @param conditions what its roles need, met or not
 */
public record ProcessStatus(
        Instant at,
        String instance,
        String version,
        List<String> roles,
        List<Condition> conditions,
        Flow flow,
        Bottleneck bottleneck) {

    public ProcessStatus {
        Objects.requireNonNull(at);
        Objects.requireNonNull(instance);
        Objects.requireNonNull(version);
        roles = List.copyOf(roles);
        conditions = List.copyOf(conditions);
        Objects.requireNonNull(flow);
        Objects.requireNonNull(bottleneck);
    }

    /** Whether it can do all of its work. */
    public boolean isReady() {
        return conditions.stream().allMatch(Condition::met);
    }
}
