package dev.millrace.ports.driven;

import dev.millrace.domain.Position;

import java.util.Objects;

/** What became of one event that was handed to the broker. */
public sealed interface Publication {

    /** Persisted by the broker. */
    record Stored(Position position) implements Publication {
        public Stored {
            Objects.requireNonNull(position);
        }
    }

    /** Surely not stored: it never left this process. */
    record NotStored(String why) implements Publication {
        public NotStored {
            Objects.requireNonNull(why);
        }
    }

    /** Surely not stored: larger than the broker takes. */
    record TooLarge() implements Publication {}

    /** Perhaps stored: it was on the wire and no receipt came. */
    record Unknown(String why) implements Publication {
        public Unknown {
            Objects.requireNonNull(why);
        }
    }

    /** Surely not stored: not tried, since an earlier event of its key was refused. */
    record Aborted() implements Publication {}
}
