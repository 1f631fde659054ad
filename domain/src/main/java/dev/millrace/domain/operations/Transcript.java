package dev.millrace.domain.operations;

import java.util.List;
import java.util.Objects;

/**
 * What came of the wish to read a quarantined event.
 *
 * @param <E> the stream's event
 */
public sealed interface Transcript<E> {

    /** It is there. */
    record Found<E>(QuarantinedEvent event, List<Edition<E>> editions) implements Transcript<E> {
        public Found {
            Objects.requireNonNull(event);
            editions = List.copyOf(editions);
        }
    }

    /** It is not in quarantine. */
    record Gone<E>(Absent absent) implements Transcript<E> {
        public Gone {
            Objects.requireNonNull(absent);
        }
    }

    /** One of the contents that an event has or had. */
    sealed interface Edition<E> {

        /** Its number; 0 as it came. */
        int number();

        /** It reads so. */
        record Legible<E>(int number, E event) implements Edition<E> {
            public Legible {
                Objects.requireNonNull(event);
            }
        }

        /** Nothing reads it; the words say why. */
        record Illegible<E>(int number, String why) implements Edition<E> {
            public Illegible {
                Objects.requireNonNull(why);
            }
        }
    }
}
