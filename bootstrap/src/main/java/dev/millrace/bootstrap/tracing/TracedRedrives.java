package dev.millrace.bootstrap.tracing;

import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.RedrivePace;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.Redrives;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tells which of the sampled events jobs have put back. */
final class TracedRedrives implements Redrives {

    private final Redrives redrives;
    private final ActSpans spans;

    TracedRedrives(Redrives redrives, ActSpans spans) {
        this.redrives = redrives;
        this.spans = spans;
    }

    @Override
    public Redrive begin(QuarantineFilter filter, int most, Signature signature) {
        return redrives.begin(filter, most, signature);
    }

    @Override
    public List<Redrive> list(long after, int limit) {
        return redrives.list(after, limit);
    }

    @Override
    public Optional<Redrive> find(long id) {
        return redrives.find(id);
    }

    @Override
    public Cancelling<Redrive> cancel(long id, Signature signature) {
        return redrives.cancel(id, signature);
    }

    @Override
    public Optional<Lease> take(String holder, Duration term) {
        return redrives.take(holder, term);
    }

    @Override
    public Advance advance(Lease lease, Duration term, Function<Redrive, RedrivePace.Next> policy) {
        return redrives.advance(lease, term, policy);
    }

    /**
     * An event that was there before and may be retried is put back by a job that goes on, or has
     * been by somebody else this moment.
     */
    @Override
    public boolean retry(Lease lease, long quarantineId) {
        return spans.follow(
                "redrive",
                quarantineId,
                () -> redrives.retry(lease, quarantineId),
                goesOn -> goesOn,
                span -> span.setAttribute(Names.REDRIVE, lease.redrive()));
    }
}
