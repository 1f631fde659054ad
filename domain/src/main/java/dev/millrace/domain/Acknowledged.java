package dev.millrace.domain;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which entries of a topic a subscription has acknowledged as a whole, at one moment. Immutable.
 */
public final class Acknowledged {

    /**
     * Neighbouring entries that are all acknowledged.
     *
     * @param partition from 0
     * @param after the entry before the first of them
     * @param through the last of them
     */
    public record Range(int partition, Entry after, Entry through) {
        public Range {
            Objects.requireNonNull(after);
            Objects.requireNonNull(through);
        }
    }

    /**
     * An entry of a partition; in the order of the partition.
     *
     * @param entry -1 for the place before a ledger's first
     */
    public record Entry(long ledger, long entry) implements Comparable<Entry> {

        /** Before all others. */
        public static final Entry BEFORE_ALL = new Entry(-1, -1);

        private static final Comparator<Entry> ORDER =
                Comparator.comparingLong(Entry::ledger).thenComparingLong(Entry::entry);

        /** The entry that holds a position. */
        public static Entry of(Position position) {
            return new Entry(position.ledger(), position.entry());
        }

        @Override
        public int compareTo(Entry other) {
            return ORDER.compare(this, other);
        }
    }

    /** For each partition the last entry of each range by the one before its first. */
    private final Map<Integer, TreeMap<Entry, Entry>> ranges = new HashMap<>();

    /** These ranges, which do not overlap, and nothing else. */
    public Acknowledged(List<Range> ranges) {
        for (Range range : ranges) {
            this.ranges
                    .computeIfAbsent(range.partition(), partition -> new TreeMap<>())
                    .put(range.after(), range.through());
        }
    }

    /** Whether the entry that holds the position is acknowledged, all of it. */
    public boolean contains(Position position) {
        Entry entry = Entry.of(position);
        Map.Entry<Entry, Entry> range =
                ranges.getOrDefault(position.partition(), new TreeMap<>()).lowerEntry(entry);
        return range != null && entry.compareTo(range.getValue()) <= 0;
    }
}
