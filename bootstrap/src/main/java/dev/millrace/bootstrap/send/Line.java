package dev.millrace.bootstrap.send;

import java.util.Objects;

/** One line of the file. */
sealed interface Line {

    /** Its number in the file, from 1. */
    long number();

    /**
     * A line that can be sent.
     *
     * @param key the text that order is kept for; empty when the event has none, which the gate
     *     will refuse
     * @param json the event, with its message ID
     */
    record Event(long number, String key, String json) implements Line {
        public Event {
            Objects.requireNonNull(key);
            Objects.requireNonNull(json);
        }
    }

    /**
     * A line that is no event, found here or by the gate.
     *
     * @param why what is wrong, for the person who wrote the file
     */
    record Refused(long number, String why) implements Line {
        public Refused {
            Objects.requireNonNull(why);
        }
    }
}
