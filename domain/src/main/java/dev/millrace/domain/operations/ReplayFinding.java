package dev.millrace.domain.operations;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Difference;
import dev.millrace.domain.Position;

import java.util.Locale;
import java.util.Objects;

/**
 * What a replay found about one copy.
 *
 * @param number counts the findings of a replay; 0 for one that is not kept yet
 * @param messageId as found on the copy; empty when there is none
 * @param key as found on the copy; empty when there is none
 * @param detail for a person, as a clause
 */
public record ReplayFinding(
        long number, Kind kind, Position position, String messageId, String key, String detail) {

    /** What it is. */
    public enum Kind {
        /** It is acknowledged, and no table knows of it. */
        GAP,
        /** A gap behind which later events of its key have a record. */
        OVERTAKEN,
        /** It was a gap, and the replay has brought it to its outcome. */
        FILLED,
        /** Its record says applied, and there is no effect of it. */
        WITHOUT_EFFECT,
        /** What one table says of it lacks what belongs to it in another. */
        INCOMPLETE,
        /** The tables say two things of it that exclude each other. */
        CONTRADICTORY;

        /** One word in lower case, perhaps with a hyphen, that programs may compare. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether topic and tables do not agree on the copy. */
        public boolean isDifference() {
            return this != FILLED;
        }
    }

    public ReplayFinding {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(position);
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(key);
        Objects.requireNonNull(detail);
    }

    /**
     * What a difference is to a replay.
     *
     * @param overtaken whether a later event of its key has a record
     */
    public static ReplayFinding of(Difference difference, String key, boolean overtaken) {
        Kind kind =
                switch (difference.kind()) {
                    case LOST -> overtaken ? Kind.OVERTAKEN : Kind.GAP;
                    case WITHOUT_EFFECT -> Kind.WITHOUT_EFFECT;
                    case INCOMPLETE -> Kind.INCOMPLETE;
                    case CONTRADICTORY -> Kind.CONTRADICTORY;
                    case UNFOUNDED ->
                            throw new IllegalArgumentException("a replay begins with the topic");
                };
        return new ReplayFinding(
                0, kind, difference.position(), difference.messageId(), key, difference.detail());
    }

    /** That a copy was a gap and is now what the words say; it has no number yet. */
    public static ReplayFinding filled(Delivery<?> delivery, String words) {
        return switch (delivery) {
            case Delivery.Decoded<?> event ->
                    new ReplayFinding(
                            0,
                            Kind.FILLED,
                            event.position(),
                            event.messageId().value(),
                            event.key().value(),
                            words);
            case Delivery.Undecodable<?> copy ->
                    new ReplayFinding(
                            0, Kind.FILLED, copy.position(), copy.messageId(), copy.key(), words);
        };
    }
}
