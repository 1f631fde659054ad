package dev.millrace.ports.fake;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.KnownEffect;
import dev.millrace.domain.operations.MessageEvidence;
import dev.millrace.domain.operations.MessageEvidence.Effect;
import dev.millrace.domain.operations.MessageEvidence.GivenUp;
import dev.millrace.domain.operations.MessageEvidence.Recorded;
import dev.millrace.domain.operations.MessageEvidence.Repeat;
import dev.millrace.domain.operations.MessageEvidence.Stay;
import dev.millrace.domain.operations.MessageEvidence.Waiting;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Records;
import dev.millrace.ports.operations.driven.MessageArchive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** What an {@link InMemoryDatabase} holds about the events of one namespace. Thread-safe. */
public final class InMemoryMessageArchive implements MessageArchive {

    private final InMemoryDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;
    private final BiFunction<SubscriptionId, Key, Optional<Map<MessageId, KnownEffect>>> effects;

    /**
     * @param effects of a key in a subscription; empty where nobody knows
     */
    public InMemoryMessageArchive(
            InMemoryDatabase database,
            Tenant tenant,
            Namespace namespace,
            BiFunction<SubscriptionId, Key, Optional<Map<MessageId, KnownEffect>>> effects) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
        this.effects = Objects.requireNonNull(effects);
    }

    @Override
    public List<MessageEvidence> find(StreamName stream, MessageId messageId) {
        synchronized (database) {
            database.requireAvailable();
            List<MessageEvidence> found = new ArrayList<>();
            database.records()
                    .forEach((subscription, records) -> {
                        if (subscription.tenant().equals(tenant)
                                && subscription.namespace().equals(namespace)
                                && subscription.stream().equals(stream)) {
                            found.add(evidence(subscription, records, messageId));
                        }
                    });
            return found.stream().filter(evidence -> !evidence.isEmpty()).toList();
        }
    }

    private MessageEvidence evidence(
            SubscriptionId subscription, Records records, MessageId messageId) {
        IdempotencyRecord known = records.byMessageId.get(messageId);
        List<IdempotencyRecord> stored = known == null ? List.of() : List.of(known);
        return new MessageEvidence(
                new SubscriptionName(subscription.stream(), subscription.name()),
                stored.stream().map(record -> recorded(records, record)).toList(),
                repeats(records, stored, messageId),
                records.attempts.getOrDefault(messageId, List.of()),
                waiting(records, messageId),
                stays(records, messageId),
                givenUp(records, messageId),
                acts(subscription, messageId),
                effect(subscription, stored));
    }

    private static Recorded recorded(Records records, IdempotencyRecord stored) {
        return new Recorded(
                stored.state(),
                stored.reason(),
                stored.key().value(),
                stored.digest().hex(),
                stored.first(),
                stored.copies(),
                stored.publishedAt(),
                Objects.requireNonNull(records.countedAt.get(stored.first())));
    }

    private static List<Repeat> repeats(
            Records records, List<IdempotencyRecord> stored, MessageId messageId) {
        return records.counted.entrySet().stream()
                .filter(copy -> copy.getValue().equals(messageId))
                .filter(copy ->
                        stored.stream().noneMatch(record -> record.first().equals(copy.getKey())))
                .map(copy ->
                        new Repeat(
                                copy.getKey(),
                                Objects.requireNonNull(records.countedAt.get(copy.getKey()))))
                .toList();
    }

    private static List<Waiting> waiting(Records records, MessageId messageId) {
        return records.parked.values().stream()
                .filter(parked -> parked.event().messageId().equals(messageId))
                .map(parked -> {
                    Copy copy = parked.event().copy();
                    return new Waiting(
                            copy.position(),
                            copy.publishedAt(),
                            Objects.requireNonNull(records.parkedAt.get(messageId)),
                            parked.event().attempts(),
                            parked.dueAt(),
                            copy.traceId());
                })
                .toList();
    }

    private static List<Stay> stays(Records records, MessageId messageId) {
        List<Stay> stays = new ArrayList<>();
        records.quarantine.forEach((id, quarantined) -> {
            QuarantinedCopy copy = quarantined.copy();
            if (copy.messageId().equals(messageId.value())) {
                stays.add(
                        new Stay(
                                id,
                                copy.copy().position(),
                                copy.reason(),
                                quarantined.detail(),
                                copy.key(),
                                copy.copy().publishedAt(),
                                quarantined.at(),
                                records.outbox.containsKey(id),
                                copy.copy().traceId()));
            }
        });
        return stays;
    }

    private static List<GivenUp> givenUp(Records records, MessageId messageId) {
        List<GivenUp> givenUp = new ArrayList<>();
        records.discarded.forEach((position, copy) -> {
            if (copy.messageId().equals(messageId.value())) {
                givenUp.add(new GivenUp(position, copy.reason(), copy.publishedAt()));
            }
        });
        return givenUp;
    }

    private List<AuditEntry> acts(SubscriptionId subscription, MessageId messageId) {
        return database.auditLog.stream()
                .filter(act -> act.stream().equals(subscription.stream().value()))
                .filter(act -> act.subscription().equals(subscription.name()))
                .filter(act -> act.messageId().equals(messageId.value()))
                .toList();
    }

    private Effect effect(SubscriptionId subscription, List<IdempotencyRecord> stored) {
        if (stored.isEmpty() || !stored.getFirst().state().equals("applied")) {
            return new Effect.Unasked();
        }
        IdempotencyRecord record = stored.getFirst();
        return effects.apply(subscription, record.key())
                .<Effect>map(known ->
                        known.containsKey(record.messageId())
                                ? new Effect.Present(
                                        Objects.requireNonNull(known.get(record.messageId())))
                                : new Effect.Missing())
                .orElseGet(Effect.Unasked::new);
    }
}
