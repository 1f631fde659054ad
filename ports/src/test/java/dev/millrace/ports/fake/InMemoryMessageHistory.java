package dev.millrace.ports.fake;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.MessageOutcome;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Quarantined;
import dev.millrace.ports.fake.InMemoryDatabase.Records;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What an {@link InMemoryDatabase} says of the events of one tenant and namespace. Thread-safe. */
public final class InMemoryMessageHistory implements MessageHistory {

    private final InMemoryDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;

    public InMemoryMessageHistory(InMemoryDatabase database, Tenant tenant, Namespace namespace) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
    }

    @Override
    public List<MessageOutcome> outcomes(StreamName stream, MessageId messageId) {
        List<MessageOutcome> outcomes = new ArrayList<>();
        synchronized (database) {
            database.requireAvailable();
            database.records()
                    .forEach((subscription, records) -> {
                        if (isOurs(subscription) && subscription.stream().equals(stream)) {
                            addOutcomes(subscription.name(), records, messageId, outcomes);
                        }
                    });
        }
        return List.copyOf(outcomes);
    }

    private boolean isOurs(SubscriptionId subscription) {
        return subscription.tenant().equals(tenant) && subscription.namespace().equals(namespace);
    }

    private static void addOutcomes(
            String subscription,
            Records records,
            MessageId messageId,
            List<MessageOutcome> outcomes) {
        IdempotencyRecord stored = records.byMessageId.get(messageId);
        if (stored != null) {
            outcomes.add(
                    new MessageOutcome(
                            subscription,
                            stored.state(),
                            stored.first(),
                            stored.reason(),
                            stored.copies()));
        }
        for (QuarantinedCopy copy :
                records.quarantine.values().stream().map(Quarantined::copy).toList()) {
            boolean isTheRecords = stored != null && stored.first().equals(copy.copy().position());
            if (copy.messageId().equals(messageId.value()) && !isTheRecords) {
                outcomes.add(
                        new MessageOutcome(
                                subscription,
                                "quarantined",
                                copy.copy().position(),
                                copy.reason().value(),
                                1));
            }
        }
        records.discarded.forEach((position, copy) -> {
            if (copy.messageId().equals(messageId.value())) {
                outcomes.add(
                        new MessageOutcome(
                                subscription, "discarded", position, copy.reason().value(), 1));
            }
        });
    }
}
