package dev.millrace.adapters.postgres;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.contract.InboxContract;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.RecordStore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The contract on the counter's stream. */
abstract class CounterInboxTests extends DatabaseTests implements InboxContract {

    private final SubscriptionId subscription =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private final SubscriptionType type;

    CounterInboxTests(SubscriptionType type) throws SQLException {
        this.type = type;
    }

    @Override
    public Inbox<CountEvent, Count, Counted> inbox() {
        return new PostgresInbox<>(
                database.database(), subscription, type, new CounterStateStore("counts"));
    }

    @Override
    public SubscriptionId subscription() {
        return subscription;
    }

    @Override
    public RecordStore records() {
        return new PostgresRecordStore(database.database());
    }

    @Override
    public long stateOf(Key key) {
        return database.number(
                "SELECT value FROM counter WHERE owner = 'counts' AND key = ?", key.value());
    }

    @Override
    public List<Counted> effectsOf(Key key) {
        try (Connection connection = database.connect();
                PreparedStatement query =
                        Rows.prepare(
                                connection,
                                "SELECT value_after FROM counted WHERE owner = 'counts' AND key = ?"
                                        + " ORDER BY number",
                                key.value());
                ResultSet row = query.executeQuery()) {
            List<Counted> effects = new ArrayList<>();
            while (row.next()) {
                effects.add(new Counted(row.getLong(1)));
            }
            return effects;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public int copiesOf(MessageId messageId) {
        return database.copiesOf(subscription, messageId);
    }

    @Override
    public List<QuarantinedCopy> quarantine() {
        return database.quarantine(subscription);
    }

    @Override
    public boolean keepsOrder() {
        return type.keepsOrder();
    }

    @Override
    public String recordOf(MessageId messageId) {
        return String.join(
                "",
                database.texts(
                        "SELECT state FROM inbox_record WHERE message_id = ?", messageId.value()));
    }

    @Override
    public List<MessageId> parkedOf(Key key) {
        return database
                .texts(
                        "SELECT message_id FROM parked_event WHERE key = ? ORDER BY sequence",
                        key.value())
                .stream()
                .map(MessageId::new)
                .toList();
    }

    @Override
    public List<FailedAttempt> attemptsOf(MessageId messageId) {
        return database.attemptsOf(messageId);
    }

    /** What the inbox has parked. */
    ParkedEvents<CountEvent, Count, Counted> parked(AfterQuarantine afterQuarantine) {
        return new PostgresParkedEvents<>(
                database.database(),
                subscription,
                type,
                new CounterStateStore("counts"),
                afterQuarantine);
    }

    /** What became of its events. */
    MessageHistory outcomes() {
        return new PostgresMessageHistory(
                database.database(), subscription.tenant(), subscription.namespace());
    }
}
