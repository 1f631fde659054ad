package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantineFilter;

import java.util.List;

/** Groups the events that need a person by what happened to them. Thread-safe. */
@FunctionalInterface
public interface GroupQuarantine {

    /**
     * Groups; most events first.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<QuarantineCause> group(QuarantineFilter filter);
}
