package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A job that goes through a topic once more, beside the live traffic.
 *
 * @param spans what is left to look at, by partition
 * @param tally how far it has come
 * @param endedAt {@link Instant#MAX} while it runs
 * @param detail why it ended, for a person; empty while it runs
 */
public record Replay(
        long id,
        State state,
        ReplayPlan plan,
        Signature signature,
        List<ReplaySpan> spans,
        ReplayTally tally,
        Instant startedAt,
        Instant endedAt,
        String detail)
        implements Job {

    public Replay {
        Objects.requireNonNull(state);
        Objects.requireNonNull(plan);
        Objects.requireNonNull(signature);
        spans = List.copyOf(spans);
        Objects.requireNonNull(tally);
        Objects.requireNonNull(startedAt);
        Objects.requireNonNull(endedAt);
        Objects.requireNonNull(detail);
    }

    @Override
    public boolean isRunning() {
        return state == State.RUNNING;
    }

    @Override
    public String word() {
        return state.word();
    }

    /** Whether a job goes on. */
    public enum State {
        /** It goes on. */
        RUNNING,
        /** It has come to its end. */
        DONE,
        /** Somebody ended it. */
        CANCELLED;

        /** One word in lower case that programs may compare. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
