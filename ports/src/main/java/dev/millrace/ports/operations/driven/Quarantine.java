package dev.millrace.ports.operations.driven;

import dev.millrace.domain.Content;
import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.Revision;
import dev.millrace.domain.operations.Signature;

import java.util.List;

/**
 * The events that need a person, of all subscriptions of one tenant's namespace. Thread-safe, and
 * shared by all processes: of two acts on one event the later finds it gone. Each method throws
 * {@link dev.millrace.ports.Unavailable} when the database is away; an act whose commit is in doubt
 * does so too, and the audit log then tells whether it was done.
 */
public interface Quarantine {

    /**
     * Those that a filter means, by their IDs.
     *
     * @param after only higher IDs
     * @param limit how many at most
     */
    List<QuarantinedEvent> list(QuarantineFilter filter, long after, int limit);

    /** The same, grouped by what happened to them; most events first. */
    List<QuarantineCause> causes(QuarantineFilter filter);

    /** One of them, whole. */
    Inspection show(long id);

    /**
     * Puts one back into the place that it had among the parked events of its key, due now and with
     * all its tries before it; the releaser applies it. The key does not wait for a person on its
     * account any more.
     */
    Retrial retry(long id, Signature signature);

    /**
     * Gives one another content, beside what it had before. Its message ID, key, position and
     * digest stay; a retry tries the new content.
     *
     * @param edition that is to be replaced: 0 as it came, and one more with each edit
     * @throws dev.millrace.domain.InvalidValue when the signature says no reason
     */
    Revision edit(long id, int edition, Content content, Signature signature);

    /**
     * Gives one up. The record of its event says so, if it is the event's own copy; any other
     * copy's position stays accounted for, so that it is never taken for fresh. The key does not
     * wait for a person on its account any more, and its parked events are due.
     */
    Disposal discard(long id, Signature signature);
}
