package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * A job that retries many quarantined events, one after the other.
 *
 * @param filter which events it is about; only those that were there when it began
 * @param most how many a second it may come to
 * @param pace how fast it is now
 * @param tally how far it has come
 * @param endedAt {@link Instant#MAX} while it runs
 * @param detail why it ended, for a person; empty while it runs
 */
public record Redrive(
        long id,
        State state,
        QuarantineFilter filter,
        Signature signature,
        int most,
        RedrivePace pace,
        RedriveTally tally,
        Instant startedAt,
        Instant endedAt,
        String detail)
        implements Job {

    public Redrive {
        Objects.requireNonNull(state);
        Objects.requireNonNull(filter);
        Objects.requireNonNull(signature);
        Objects.requireNonNull(pace);
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
        /** Every event was retried, and each has its outcome. */
        DONE,
        /** It ended by itself, since too many retries failed. */
        STOPPED,
        /** Somebody ended it. */
        CANCELLED;

        /** One word in lower case that programs may compare. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
