package dev.millrace.adapters.postgres;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Key;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
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

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What the tests of operations on PostgreSQL stand on. */
abstract class PostgresOperationsTables extends CounterTests implements OperationsTables {

    PostgresOperationsTables() throws SQLException {}

    @Override
    public Quarantine quarantine() {
        return new PostgresQuarantine(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public ParkedKeys parkedKeys() {
        return new PostgresParkedKeys(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public AuditLog auditLog() {
        return new PostgresAuditLog(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public ParkedEvents<CountEvent, Count, Counted> parkedEvents(
            SubscriptionId subscription, AfterQuarantine afterQuarantine) {
        return new PostgresParkedEvents<>(
                database.database(),
                subscription,
                SubscriptionType.KEY_SHARED,
                new CounterStateStore(subscription.toString()),
                afterQuarantine);
    }

    @Override
    public MessageHistory history() {
        return new PostgresMessageHistory(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public MessageArchive archive() {
        return new PostgresMessageArchive(
                database.database(),
                TENANT,
                NAMESPACE,
                Map.of(COUNTS, new CounterStateStore(COUNTS.toString())));
    }

    @Override
    public List<Long> valuesOf(SubscriptionId subscription, Key key) {
        return database
                .texts(
                        "SELECT value_after FROM counted WHERE owner = ? AND key = ? ORDER BY"
                                + " number",
                        subscription.toString(),
                        key.value())
                .stream()
                .map(Long::valueOf)
                .toList();
    }
}
