package dev.millrace.ports.fake;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.KnownEffect;
import dev.millrace.ports.contract.OperationsTables;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.MessageArchive;
import dev.millrace.ports.operations.driven.ParkedKeys;
import dev.millrace.ports.operations.driven.Quarantine;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the tests of operations on the fakes stand on. */
abstract class InMemoryOperationsTables extends CounterTests implements OperationsTables {

    /** On that database. */
    final InMemoryOperations operations =
            new InMemoryOperations(database, TENANT, NAMESPACE, InstantSource.system());

    @Override
    public Quarantine quarantine() {
        return operations;
    }

    @Override
    public ParkedKeys parkedKeys() {
        return operations.parkedKeys();
    }

    @Override
    public AuditLog auditLog() {
        return operations;
    }

    @Override
    public ParkedEvents<CountEvent, Count, Counted> parkedEvents(
            SubscriptionId subscription, AfterQuarantine afterQuarantine) {
        return new InMemoryParkedEvents<>(inboxOf(subscription), afterQuarantine);
    }

    @Override
    public MessageHistory history() {
        return new InMemoryMessageHistory(database, TENANT, NAMESPACE);
    }

    @Override
    public MessageArchive archive() {
        return new InMemoryMessageArchive(
                database,
                TENANT,
                NAMESPACE,
                (subscription, key) ->
                        subscription.equals(COUNTS)
                                ? Optional.of(effectsOf(subscription, key))
                                : Optional.empty());
    }

    private Map<MessageId, KnownEffect> effectsOf(SubscriptionId subscription, Key key) {
        return inboxOf(subscription).effects(key).stream()
                .collect(
                        Collectors.toMap(
                                booked -> booked.accepted().delivery().messageId(),
                                booked ->
                                        new KnownEffect(
                                                booked.appliedAt(),
                                                "now " + booked.accepted().effect().valueAfter())));
    }

    @Override
    public List<Long> valuesOf(SubscriptionId subscription, Key key) {
        return inboxOf(subscription).effects(key).stream()
                .map(booked -> booked.accepted().effect().valueAfter())
                .toList();
    }
}
