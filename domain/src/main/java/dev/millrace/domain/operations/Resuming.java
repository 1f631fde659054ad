package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of the wish to have the lanes of a subscription go on. */
public sealed interface Resuming {

    /** They are to run again; this pause is over. */
    record Resumed(LanePause pause) implements Resuming {
        public Resumed {
            Objects.requireNonNull(pause);
        }
    }

    /** Nobody had them pause; nothing is changed. */
    record NotPaused() implements Resuming {}

    /** No lane has ever worked for such a subscription. */
    record Unknown() implements Resuming {}
}
