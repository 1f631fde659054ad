package dev.millrace.domain.operations;

import java.time.Instant;

/**
 * What a person has begun and what then goes on by itself, in whatever process, until it ends or is
 * cancelled.
 */
public sealed interface Job permits Redrive, Replay {

    /** Its number among the jobs of its kind. */
    long id();

    /** Whether it goes on. */
    boolean isRunning();

    /** How it is, in one word in lower case that programs may compare. */
    String word();

    /** {@link Instant#MAX} while it runs. */
    Instant endedAt();

    /** Why it ended, for a person; empty while it runs. */
    String detail();
}
