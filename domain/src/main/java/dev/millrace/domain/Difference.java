package dev.millrace.domain;

import java.util.Locale;
import java.util.Objects;

/**
 * Where the topic and a subscription's tables do not agree.
 *
 * @param position of the copy
 * @param messageId as found on the copy, or on the record; empty when there is none
 * @param detail for a person, as a clause
 */
public record Difference(Kind kind, Position position, String messageId, String detail) {

    /** In what way they do not agree. */
    public enum Kind {
        /** The copy is acknowledged, and the tables know nothing of it. */
        LOST,
        /** The tables say two things of the copy that exclude each other. */
        CONTRADICTORY,
        /** What the record says of the copy lacks the row that belongs to it, or the other way. */
        INCOMPLETE,
        /** The record says applied, and the stream's own tables hold no effect of it. */
        WITHOUT_EFFECT,
        /** A record is about a copy that the topic does not hold. */
        UNFOUNDED;

        /** One word in lower case, perhaps with hyphens, that programs may compare. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Difference {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(position);
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(detail);
    }
}
