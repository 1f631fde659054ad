package dev.millrace.ports.fake;

import dev.millrace.domain.Content;
import dev.millrace.domain.Copy;
import dev.millrace.domain.Digest;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.Dossier;
import dev.millrace.domain.operations.Edit;
import dev.millrace.domain.operations.Hastening;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.ParkedFilter;
import dev.millrace.domain.operations.ParkedKey;
import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.Revision;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscribedKey;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.fake.InMemoryDatabase.DiscardedCopy;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Quarantined;
import dev.millrace.ports.fake.InMemoryDatabase.Records;
import dev.millrace.ports.fake.InMemoryDatabase.Waiting;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.ParkedKeys;
import dev.millrace.ports.operations.driven.Quarantine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people do in one tenant's namespace of an {@link InMemoryDatabase}. Thread-safe. */
public final class InMemoryOperations implements Quarantine, AuditLog, FinishedRecords {

    private final InMemoryDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;
    private final InstantSource clock;

    public InMemoryOperations(
            InMemoryDatabase database, Tenant tenant, Namespace namespace, InstantSource clock) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
        this.clock = Objects.requireNonNull(clock);
    }

    /** The keys that wait in the same database. */
    public ParkedKeys parkedKeys() {
        return new Keys();
    }

    @Override
    public List<QuarantinedEvent> list(QuarantineFilter filter, long after, int limit) {
        synchronized (database) {
            return meant(filter)
                    .map(Entry::event)
                    .filter(event -> event.id() > after)
                    .limit(limit)
                    .toList();
        }
    }

    @Override
    public List<QuarantineCause> causes(QuarantineFilter filter) {
        synchronized (database) {
            Map<List<String>, List<Entry>> groups =
                    meant(filter)
                            .collect(
                                    Collectors.groupingBy(
                                            entry ->
                                                    List.of(
                                                            entry.event().stream().value(),
                                                            entry.event().subscription(),
                                                            entry.event().reason().value(),
                                                            cause(entry)),
                                            LinkedHashMap::new,
                                            Collectors.toList()));
            return groups.values().stream()
                    .map(InMemoryOperations::cause)
                    .sorted(Comparator.comparingLong(QuarantineCause::events).reversed())
                    .toList();
        }
    }

    private static QuarantineCause cause(List<Entry> group) {
        QuarantinedEvent first = group.getFirst().event();
        return new QuarantineCause(
                first.stream(),
                first.subscription(),
                first.reason(),
                cause(group.getFirst()),
                Math.min(group.size(), QuarantineCause.MAX_COUNTED),
                group.stream()
                        .limit(QuarantineCause.MAX_COUNTED)
                        .map(entry -> entry.event().key())
                        .distinct()
                        .count(),
                group.size() > QuarantineCause.MAX_COUNTED,
                group.stream()
                        .map(entry -> entry.event().quarantinedAt())
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                group.stream()
                        .map(entry -> entry.event().quarantinedAt())
                        .max(Comparator.naturalOrder())
                        .orElseThrow());
    }

    private static String cause(Entry entry) {
        List<FailedAttempt> attempts = entry.attempts();
        String cause =
                attempts.isEmpty()
                        ? entry.quarantined().detail().replaceAll("[0-9]+", "N")
                        : attempts.getLast().fault().type()
                                + attempts.getLast().fault().frames().stream()
                                        .findFirst()
                                        .map(frame -> " at " + frame)
                                        .orElse("");
        return cause.substring(0, Math.min(QuarantineCause.MAX_LENGTH, cause.length()));
    }

    @Override
    public Inspection show(long id) {
        synchronized (database) {
            return find(id).<Inspection>map(entry ->
                            new Inspection.Found(
                                    new Dossier(
                                            entry.event(),
                                            entry.quarantined().digest(),
                                            entry.original(),
                                            entry.attempts(),
                                            entry.edits())))
                    .orElseGet(() -> absent(id));
        }
    }

    @Override
    public Retrial retry(long id, Signature signature) {
        return retry(id, signature, Map.of());
    }

    Retrial retry(long id, Signature signature, Map<String, String> details) {
        synchronized (database) {
            return find(id).map(entry -> retry(entry, signature, details))
                    .orElseGet(() -> absent(id));
        }
    }

    private Retrial retry(Entry entry, Signature signature, Map<String, String> details) {
        QuarantinedEvent event = entry.event();
        if (!event.isRetriable()) {
            return new Retrial.Refused(event);
        }
        Records records = entry.records();
        Quarantined quarantined = entry.quarantined();
        MessageId messageId = new MessageId(event.messageId());
        Key key = new Key(event.key());
        records.quarantine.remove(event.id());
        records.parkedAt.put(messageId, clock.instant());
        records.parked.put(
                quarantined.sequence(),
                new Waiting(
                        new ParkedEvent(
                                quarantined.sequence(),
                                messageId,
                                key,
                                new Digest(quarantined.digest()),
                                quarantined.copy().copy(),
                                0),
                        InMemoryDatabase.NEVER));
        records.restate(messageId, "parked", "");
        List<Waiting> queue = records.parkedOf(key).toList();
        queue.stream().skip(1).forEach(behind -> records.setDue(behind, InMemoryDatabase.NEVER));
        if (queue.getFirst().event().sequence() == quarantined.sequence()) {
            records.setDue(queue.getFirst(), clock.instant());
        }
        records.advance(key, clock.instant());
        audit("retry", signature, event, details);
        return new Retrial.Parked(event);
    }

    @Override
    public Revision edit(long id, int edition, Content content, Signature signature) {
        Signature reasoned = signature.withReason();
        synchronized (database) {
            return find(id).map(entry -> edit(entry, edition, content, reasoned))
                    .orElseGet(() -> absent(id));
        }
    }

    private Revision edit(Entry entry, int edition, Content content, Signature signature) {
        QuarantinedEvent event = entry.event();
        if (!event.isRetriable()) {
            return new Revision.Refused(event);
        }
        if (event.edition() != edition) {
            return new Revision.EditionChanged(event.edition());
        }
        MessageId messageId = new MessageId(event.messageId());
        QuarantinedCopy before = entry.quarantined().copy();
        entry.records().originals.putIfAbsent(messageId, before.copy());
        entry.records()
                .edits
                .computeIfAbsent(messageId, key -> new ArrayList<>())
                .add(new Edit(edition + 1, clock.instant(), signature, content));
        Copy edited =
                new Copy(
                        event.position(),
                        event.publishedAt(),
                        content.payload(),
                        content.schemaVersion(),
                        before.copy().properties());
        entry.records()
                .quarantine
                .put(
                        event.id(),
                        new Quarantined(
                                new QuarantinedCopy(
                                        before.messageId(), before.key(), before.reason(), edited),
                                entry.quarantined().detail(),
                                entry.quarantined().digest(),
                                entry.quarantined().at(),
                                entry.quarantined().sequence(),
                                entry.quarantined().holdsKey()));
        audit("edit", signature, event, Map.of("edition", Integer.toString(edition + 1)));
        return new Revision.Edited(event, edition + 1);
    }

    @Override
    public Disposal discard(long id, Signature signature) {
        Signature reasoned = signature.withReason();
        synchronized (database) {
            return find(id).map(entry -> discard(entry, reasoned)).orElseGet(() -> absent(id));
        }
    }

    private Disposal discard(Entry entry, Signature signature) {
        QuarantinedEvent event = entry.event();
        Records records = entry.records();
        records.quarantine.remove(event.id());
        IdempotencyRecord stored =
                event.messageId().isEmpty()
                        ? null
                        : records.byMessageId.get(new MessageId(event.messageId()));
        if (stored != null && stored.first().equals(event.position())) {
            records.restate(stored.messageId(), "discarded", event.reason().value());
        } else {
            records.discarded.put(
                    event.position(),
                    new DiscardedCopy(event.messageId(), event.reason(), event.publishedAt()));
        }
        boolean goesOn = true;
        if (!event.key().isEmpty()) {
            Key key = new Key(event.key());
            records.advance(key, clock.instant());
            goesOn = !records.awaitsPerson(key);
        }
        audit("discard", signature, event, Map.of());
        return new Disposal.Discarded(event, goesOn);
    }

    @Override
    public List<AuditEntry> read(long after, int limit) {
        synchronized (database) {
            database.requireAvailable();
            return database.auditLog.stream()
                    .filter(entry -> entry.id() > after)
                    .limit(limit)
                    .toList();
        }
    }

    private void audit(
            String act, Signature signature, QuarantinedEvent event, Map<String, String> more) {
        Map<String, String> details = new TreeMap<>(more);
        details.put("quarantineId", Long.toString(event.id()));
        details.put("reason", event.reason().value());
        details.put("position", event.position().toString());
        details.put("attempts", Integer.toString(event.attempts()));
        audit(
                act,
                signature,
                event.stream().value(),
                event.subscription(),
                event.key(),
                event.messageId(),
                details);
    }

    void audit(
            String act,
            Signature signature,
            String stream,
            String subscription,
            String key,
            String messageId,
            Map<String, String> details) {
        database.auditLog.add(
                new AuditEntry(
                        ++database.lastAct,
                        clock.instant(),
                        signature,
                        act,
                        stream,
                        subscription,
                        key,
                        messageId,
                        details));
    }

    @Override
    public int purge(Instant actedBefore, int limit) {
        synchronized (database) {
            database.requireAvailable();
            List<AuditEntry> old =
                    database.auditLog.stream()
                            .filter(act -> act.at().isBefore(actedBefore))
                            .limit(limit)
                            .toList();
            database.auditLog.removeAll(old);
            return old.size();
        }
    }

    private Absent absent(long id) {
        return database.auditLog.stream()
                .filter(entry -> !entry.act().equals("edit"))
                .filter(entry -> Long.toString(id).equals(entry.details().get("quarantineId")))
                .<Absent>map(Absent.Settled::new)
                .findFirst()
                .orElseGet(Absent.Unknown::new);
    }

    /** The place that an event in quarantine had among the parked ones. */
    long place(QuarantinedEvent event) {
        return find(event.id()).orElseThrow().quarantined().sequence();
    }

    /** What the record of an event says by now. */
    String stateOf(QuarantinedEvent event) {
        return database.state(id(event), new MessageId(event.messageId()));
    }

    /** How many tries of a parked event have failed since it was put back. */
    int attemptsSince(QuarantinedEvent event) {
        return database.recordsOf(id(event)).parked.values().stream()
                .map(Waiting::event)
                .filter(parked -> parked.messageId().value().equals(event.messageId()))
                .mapToInt(ParkedEvent::attempts)
                .sum();
    }

    private SubscriptionId id(QuarantinedEvent event) {
        return new SubscriptionId(tenant, namespace, event.stream(), event.subscription());
    }

    /** One quarantined copy with what belongs to it. */
    private record Entry(Records records, Quarantined quarantined, QuarantinedEvent event) {
        List<FailedAttempt> attempts() {
            return quarantined.sequence() == 0
                    ? List.of()
                    : records.attempts.getOrDefault(new MessageId(event.messageId()), List.of());
        }

        Copy original() {
            Copy current = quarantined.copy().copy();
            return edits().isEmpty()
                    ? current
                    : records.originals.getOrDefault(new MessageId(event.messageId()), current);
        }

        List<Edit> edits() {
            return quarantined.sequence() == 0
                    ? List.of()
                    : records.edits.getOrDefault(new MessageId(event.messageId()), List.of());
        }
    }

    private Optional<Entry> find(long id) {
        return all().filter(entry -> entry.event().id() == id).findFirst();
    }

    private Stream<Entry> meant(QuarantineFilter filter) {
        return all().filter(entry -> {
            QuarantinedEvent event = entry.event();
            return fits(filter.stream(), event.stream().value())
                    && fits(filter.subscription(), event.subscription())
                    && fits(filter.key(), event.key())
                    && fits(filter.reason(), event.reason().value())
                    && fits(filter.cause(), cause(entry))
                    && fits(filter.messageId(), event.messageId())
                    && !event.quarantinedAt().isBefore(filter.since())
                    && event.quarantinedAt().isBefore(filter.until());
        });
    }

    private static boolean fits(String wanted, String found) {
        return wanted.isEmpty() || wanted.equals(found);
    }

    /** Everything in quarantine, by ID. */
    private Stream<Entry> all() {
        database.requireAvailable();
        List<Entry> entries = new ArrayList<>();
        database.records()
                .forEach((subscription, records) -> {
                    if (isOurs(subscription)) {
                        records.quarantine.forEach(
                                (id, copy) -> entries.add(entry(subscription, records, id, copy)));
                    }
                });
        return entries.stream().sorted(Comparator.comparingLong(entry -> entry.event().id()));
    }

    private static Entry entry(
            SubscriptionId subscription, Records records, long id, Quarantined quarantined) {
        String messageId = quarantined.copy().messageId();
        int attempts =
                quarantined.sequence() == 0
                        ? 0
                        : records.attempts.getOrDefault(new MessageId(messageId), List.of()).size();
        return new Entry(
                records,
                quarantined,
                new QuarantinedEvent(
                        id,
                        subscription.stream(),
                        subscription.name(),
                        messageId,
                        quarantined.copy().key(),
                        quarantined.copy().reason(),
                        quarantined.detail(),
                        quarantined.copy().copy().position(),
                        quarantined.copy().copy().publishedAt(),
                        quarantined.at(),
                        attempts,
                        quarantined.sequence() == 0
                                ? 0
                                : records.edits
                                        .getOrDefault(new MessageId(messageId), List.of())
                                        .size()));
    }

    private boolean isOurs(SubscriptionId subscription) {
        return subscription.tenant().equals(tenant) && subscription.namespace().equals(namespace);
    }

    /** The keys that wait. */
    private final class Keys implements ParkedKeys {

        @Override
        public List<ParkedKey> list(ParkedFilter filter, String after, int limit) {
            synchronized (database) {
                database.requireAvailable();
                List<ParkedKey> keys = new ArrayList<>();
                database.records()
                        .forEach((subscription, records) -> {
                            if (isOurs(subscription)) {
                                keys.addAll(waiting(subscription, records));
                            }
                        });
                return keys.stream()
                        .filter(key -> fits(filter.stream(), key.key().stream().value()))
                        .filter(key -> fits(filter.subscription(), key.key().subscription()))
                        .filter(key -> fits(filter.key(), key.key().key().value()))
                        .sorted(Comparator.comparing(key -> key.key().toString()))
                        .filter(key -> key.key().toString().compareTo(after) > 0)
                        .limit(limit)
                        .toList();
            }
        }

        private static List<ParkedKey> waiting(SubscriptionId subscription, Records records) {
            TreeSet<Key> keys = new TreeSet<>();
            records.parked.values().forEach(parked -> keys.add(parked.event().key()));
            records.quarantine.values().stream()
                    .filter(Quarantined::holdsKey)
                    .forEach(copy -> keys.add(new Key(copy.copy().key())));
            Function<Key, ParkedKey> parked =
                    key -> {
                        List<Waiting> queue = records.parkedOf(key).toList();
                        return new ParkedKey(
                                new SubscribedKey(subscription.stream(), subscription.name(), key),
                                queue.size(),
                                queue.stream()
                                        .mapToLong(event -> event.event().copy().payload().size())
                                        .sum(),
                                records.holdersOf(key).toList(),
                                queue.stream().limit(1).map(Keys::head).toList());
                    };
            return keys.stream().map(parked).toList();
        }

        private static ParkedKey.Head head(Waiting waiting) {
            return new ParkedKey.Head(
                    waiting.event().messageId(),
                    waiting.event().copy().position(),
                    waiting.event().attempts(),
                    Instant.EPOCH,
                    waiting.dueAt());
        }

        @Override
        public Hastening release(SubscribedKey wanted, Signature signature) {
            synchronized (database) {
                database.requireAvailable();
                Records records =
                        database.recordsOf(
                                new SubscriptionId(
                                        tenant, namespace, wanted.stream(), wanted.subscription()));
                List<Long> awaited = records.holdersOf(wanted.key()).toList();
                List<Waiting> queue = records.parkedOf(wanted.key()).toList();
                if (!awaited.isEmpty()) {
                    return new Hastening.AwaitsPerson(awaited);
                }
                if (queue.isEmpty()) {
                    return new Hastening.NothingParked();
                }
                records.setDue(queue.getFirst(), clock.instant());
                audit(
                        "release",
                        signature,
                        wanted.stream().value(),
                        wanted.subscription(),
                        wanted.key().value(),
                        "",
                        Map.of("events", Long.toString(queue.size())));
                return new Hastening.Due(queue.size());
            }
        }
    }
}
