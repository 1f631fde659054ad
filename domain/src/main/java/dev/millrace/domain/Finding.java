package dev.millrace.domain;

import java.util.Objects;

/** What an audit finds about one copy in the topic. */
public sealed interface Finding {

    /** It is exactly one of what it may be. */
    record Accounted(CopyState state) implements Finding {
        public Accounted {
            Objects.requireNonNull(state);
        }
    }

    /** It is none of it, or more than one. */
    record Amiss(Difference difference) implements Finding {
        public Amiss {
            Objects.requireNonNull(difference);
        }
    }
}
