package dev.millrace.bootstrap.send;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What came back for one request. */
sealed interface Answer {

    /**
     * The gate spoke about each event.
     *
     * @param items in the order of the request
     * @param retryAfter what the gate asks to wait; zero when it asks nothing
     */
    record Itemised(List<Item> items, Duration retryAfter) implements Answer {
        public Itemised {
            items = List.copyOf(items);
            Objects.requireNonNull(retryAfter);
        }
    }

    /** Nothing is known of any event, or the gate took none: all may be tried again. */
    record Failed(String why, Duration retryAfter) implements Answer {
        public Failed {
            Objects.requireNonNull(why);
            Objects.requireNonNull(retryAfter);
        }
    }

    /**
     * The request as a whole was refused for what it holds: smaller ones will tell which event it
     * is.
     */
    record TooMuch(String why) implements Answer {
        public TooMuch {
            Objects.requireNonNull(why);
        }
    }

    /** No request like this will ever be taken. */
    record Hopeless(String why) implements Answer {
        public Hopeless {
            Objects.requireNonNull(why);
        }
    }

    /** What became of one event. */
    sealed interface Item {

        /** The broker has it. */
        record Accepted() implements Item {}

        /** Not stored, or nobody knows: to be tried again under its message ID. */
        record Again(String why) implements Item {
            public Again {
                Objects.requireNonNull(why);
            }
        }

        /** Not tried, because an earlier event of its key failed. */
        record Aborted() implements Item {}

        /** The event itself is wrong. */
        record Refused(String why) implements Item {
            public Refused {
                Objects.requireNonNull(why);
            }
        }
    }
}
