package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Position;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;

/** Where a replay begins or ends. Its text is what {@link #parse} reads. */
public sealed interface ReplayBoundary {

    /** What the topic has, or has had when the replay began. */
    record Open() implements ReplayBoundary {
        @Override
        public String toString() {
            return "";
        }
    }

    /** In each partition the first copy that is not older. */
    record Time(Instant instant) implements ReplayBoundary {
        public Time {
            Objects.requireNonNull(instant);
        }

        @Override
        public String toString() {
            return instant.toString();
        }
    }

    /** A place in one partition, which is the only one that is replayed. */
    record Place(Position position) implements ReplayBoundary {
        public Place {
            Objects.requireNonNull(position);
        }

        @Override
        public String toString() {
            return position.toString();
        }
    }

    /**
     * Reads a time as in RFC 3339, or a position; an empty text leaves it open.
     *
     * @throws InvalidValue when the text is none of these
     */
    static ReplayBoundary parse(String name, String text) {
        if (text.isEmpty()) {
            return new Open();
        }
        try {
            return text.contains("-")
                    ? new Time(Instant.parse(text))
                    : new Place(Position.parse(text));
        } catch (DateTimeParseException | InvalidValue _) {
            throw new InvalidValue(
                    name, "must be a time as in RFC 3339, or a position, like 4:17:2:0");
        }
    }
}
