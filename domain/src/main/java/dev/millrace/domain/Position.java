package dev.millrace.domain;

import java.util.Comparator;

/**
 * Where the broker put one copy of an event. A caller's retry makes a second copy with another
 * position and the same message ID.
 *
 * @param ledger the broker's storage ledger
 * @param entry the entry in that ledger
 * @param partition the topic's partition, from 0
 * @param batchIndex the copy's place in the entry, from 0
 */
public record Position(long ledger, long entry, int partition, int batchIndex) {

    private static final Comparator<Position> IN_PARTITION =
            Comparator.comparingLong(Position::ledger)
                    .thenComparingLong(Position::entry)
                    .thenComparingInt(Position::batchIndex);

    public Position {
        if (ledger < 0 || entry < 0 || partition < 0 || batchIndex < 0) {
            throw new InvalidValue("position", "must have no negative part");
        }
    }

    /**
     * Reads {@code ledger:entry:partition:batchIndex}, the form that {@link #toString} writes.
     *
     * @throws InvalidValue when the text is not of that form
     */
    public static Position parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 4) {
            throw new InvalidValue("position", "must be ledger:entry:partition:batchIndex");
        }
        try {
            return new Position(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]));
        } catch (NumberFormatException notANumber) {
            throw new InvalidValue("position", "must be four whole numbers joined by colons");
        }
    }

    /** Whether it comes before another position of its partition. */
    public boolean isBefore(Position other) {
        return IN_PARTITION.compare(this, other) < 0;
    }

    @Override
    public String toString() {
        return ledger + ":" + entry + ":" + partition + ":" + batchIndex;
    }
}
