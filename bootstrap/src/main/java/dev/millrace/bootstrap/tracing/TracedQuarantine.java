package dev.millrace.bootstrap.tracing;

import dev.millrace.domain.Content;
import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.Revision;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.Quarantine;

import java.util.List;

/** Tells what is done about the quarantined events that are sampled. */
final class TracedQuarantine implements Quarantine {

    private final Quarantine quarantine;
    private final ActSpans spans;

    TracedQuarantine(Quarantine quarantine, ActSpans spans) {
        this.quarantine = quarantine;
        this.spans = spans;
    }

    @Override
    public List<QuarantinedEvent> list(QuarantineFilter filter, long after, int limit) {
        return quarantine.list(filter, after, limit);
    }

    @Override
    public List<QuarantineCause> causes(QuarantineFilter filter) {
        return quarantine.causes(filter);
    }

    @Override
    public Inspection show(long id) {
        return quarantine.show(id);
    }

    @Override
    public Retrial retry(long id, Signature signature) {
        return spans.follow(
                "retry",
                id,
                () -> quarantine.retry(id, signature),
                retrial -> retrial instanceof Retrial.Parked,
                _ -> {});
    }

    @Override
    public Revision edit(long id, int edition, Content content, Signature signature) {
        return spans.follow(
                "edit",
                id,
                () -> quarantine.edit(id, edition, content, signature),
                revision -> revision instanceof Revision.Edited,
                span -> span.setAttribute(Names.EDITION, edition + 1L));
    }

    @Override
    public Disposal discard(long id, Signature signature) {
        return spans.follow(
                "discard",
                id,
                () -> quarantine.discard(id, signature),
                disposal -> disposal instanceof Disposal.Discarded,
                _ -> {});
    }
}
