package dev.millrace.ports.fake;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.fake.InMemoryDatabase.Entry;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Records;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** The crash records of one process on an {@link InMemoryDatabase}, for one thread. Thread-safe. */
public final class InMemoryCrashRecords implements CrashRecords {

    private final InMemoryDatabase database;
    private final SubscriptionId subscription;
    private final String process;

    /**
     * @param process told apart from all others by this name
     */
    public InMemoryCrashRecords(
            InMemoryDatabase database, SubscriptionId subscription, String process) {
        this.database = Objects.requireNonNull(database);
        this.subscription = Objects.requireNonNull(subscription);
        this.process = Objects.requireNonNull(process);
    }

    @Override
    public Map<Position, Integer> takeOn(List<? extends Delivery.Decoded<?>> run) {
        Map<Position, Integer> suspects = new HashMap<>();
        change(records -> {
            records.loneRuns.values().forEach(processes -> processes.remove(process));
            Set<Entry> entries = new HashSet<>();
            run.forEach(event -> entries.add(Entry.of(event.position())));
            records.underWay.put(process, entries);
            Set<Entry> elsewhere = new HashSet<>();
            records.underWay.forEach((other, theirs) -> {
                if (!other.equals(process)) {
                    elsewhere.addAll(theirs);
                }
            });
            for (Delivery.Decoded<?> event : run) {
                if (elsewhere.contains(Entry.of(event.position()))
                        && isOpen(records, event.messageId())) {
                    suspects.put(
                            event.position(),
                            records.loneRuns.getOrDefault(event.position(), Set.of()).size());
                }
            }
        });
        return suspects;
    }

    private static boolean isOpen(Records records, MessageId messageId) {
        IdempotencyRecord stored = records.byMessageId.get(messageId);
        return stored == null || stored.state().equals("parked");
    }

    @Override
    public void enter(Position position) {
        change(records ->
                records.loneRuns.computeIfAbsent(position, any -> new HashSet<>()).add(process));
    }

    @Override
    public void leave(Position position) {
        change(records -> records.loneRuns.getOrDefault(position, new HashSet<>()).remove(process));
    }

    @Override
    public void acquit(Position position) {
        change(records -> records.loneRuns.remove(position));
    }

    @Override
    public void endInOrder() {
        change(records -> {
            records.underWay.remove(process);
            records.loneRuns.values().forEach(processes -> processes.remove(process));
        });
    }

    private void change(Consumer<Records> change) {
        synchronized (database) {
            database.requireAvailable();
            change.accept(database.recordsOf(subscription));
        }
    }
}
