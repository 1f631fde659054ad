package dev.millrace.adapters.pulsar.driven;

import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.Acknowledged.Entry;
import dev.millrace.domain.operations.CursorPlace;

import org.apache.pulsar.common.policies.data.ManagedLedgerInternalStats;
import org.apache.pulsar.common.policies.data.ManagedLedgerInternalStats.CursorStats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a partition holds, and what its subscriptions have acknowledged, as the broker tells it. */
final class PartitionLedger {

    private static final Pattern ENTRY = Pattern.compile("(-?\\d+):(-?\\d+)");

    /** Ranges of acknowledged entries are without their lower end and with their upper one. */
    private static final Pattern RANGE =
            Pattern.compile("\\((-?\\d+:-?\\d+)(?:\\.\\.|‥)(-?\\d+:-?\\d+)]");

    private final ManagedLedgerInternalStats stats;

    PartitionLedger(ManagedLedgerInternalStats stats) {
        this.stats = stats;
    }

    /** Whether nothing is retained. */
    boolean isEmpty() {
        return stats.numberOfEntries == 0;
    }

    /** The newest entry. */
    Entry last() {
        return entry(stats.lastConfirmedEntry);
    }

    /** Whether an entry would still be there, if it had ever been. */
    boolean retains(Entry entry) {
        return stats.ledgers.stream().mapToLong(ledger -> ledger.ledgerId).min().stream()
                .anyMatch(oldest -> entry.ledger() >= oldest);
    }

    Optional<CursorStats> cursor(String subscription) {
        return Optional.ofNullable(stats.cursors.get(subscription));
    }

    /** What a cursor has behind it, and what it has single ones of. */
    static List<Acknowledged.Range> acknowledged(int partition, CursorStats cursor) {
        List<Acknowledged.Range> ranges = new ArrayList<>();
        ranges.add(
                new Acknowledged.Range(
                        partition, Entry.BEFORE_ALL, entry(cursor.markDeletePosition)));
        Matcher single = RANGE.matcher(cursor.individuallyDeletedMessages);
        while (single.find()) {
            ranges.add(
                    new Acknowledged.Range(
                            partition, entry(single.group(1)), entry(single.group(2))));
        }
        return ranges;
    }

    /** Where a cursor stands. What is left is counted as the broker itself does. */
    CursorPlace place(String subscription, int partition, CursorStats cursor) {
        List<Acknowledged.Range> ranges = acknowledged(partition, cursor);
        return new CursorPlace(
                subscription,
                partition,
                ranges.getFirst().through(),
                ranges.size() - 1,
                last(),
                Math.max(0, stats.entriesAddedCounter - cursor.messagesConsumedCounter));
    }

    private static Entry entry(String text) {
        Matcher entry = ENTRY.matcher(text);
        if (!entry.matches()) {
            throw new IllegalStateException("the broker calls an entry " + text);
        }
        return new Entry(Long.parseLong(entry.group(1)), Long.parseLong(entry.group(2)));
    }
}
