package dev.millrace.adapters.postgres.ledger;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.adapters.postgres.Rows;
import dev.millrace.adapters.postgres.StateStore;
import dev.millrace.domain.Accepted;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.domain.operations.KnownEffect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One tenant's accounts and entries as the engine writes them. Thread-safe. */
public final class LedgerStateStore implements StateStore<LedgerEvent, Account, Entry> {

    private final Tenant tenant;

    /** The books of this tenant, and of no other. */
    public LedgerStateStore(Tenant tenant) {
        this.tenant = Objects.requireNonNull(tenant);
    }

    @Override
    public Map<Key, Account> load(Connection connection, Collection<Key> keys) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT account_id, balance_minor, currency, entries, version FROM account
                                WHERE tenant = ? AND account_id = ANY (?::text[])
                                ORDER BY account_id
                                FOR NO KEY UPDATE
                                """,
                                tenant.value(),
                                Rows.of(keys).texts(Key::value));
                ResultSet row = query.executeQuery()) {
            Map<Key, Account> accounts = new HashMap<>();
            while (row.next()) {
                Account.Open account = LedgerRows.account(row);
                accounts.put(account.id().key(), account);
            }
            return accounts;
        }
    }

    @Override
    public void save(
            Connection connection,
            Map<Key, Account> changed,
            List<Accepted<LedgerEvent, Entry>> accepted,
            Instant appliedAt)
            throws SQLException {
        Map<Key, Integer> booked = new HashMap<>();
        accepted.forEach(event -> booked.merge(event.delivery().key(), 1, Integer::sum));
        List<Account.Open> opened = new ArrayList<>();
        List<Account.Open> moved = new ArrayList<>();
        for (Account account : changed.values()) {
            switch (account) {
                case Account.Unopened unopened ->
                        throw new IllegalStateException(
                                unopened.id() + " was changed without being opened");
                // Each entry raises the version by one, from 0.
                case Account.Open open
                        when open.version() == booked.getOrDefault(open.id().key(), 0) ->
                        opened.add(open);
                case Account.Open open -> moved.add(open);
            }
        }
        open(connection, opened);
        move(connection, moved);
        book(connection, Rows.of(accepted), appliedAt);
    }

    /** The rows that {@link #load} could not lock since they did not exist. */
    private void open(Connection connection, List<Account.Open> accounts) throws SQLException {
        if (accounts.isEmpty()) {
            return;
        }
        accounts.sort(Comparator.comparing(account -> account.id().key()));
        int inserted =
                write(
                        connection,
                        """
                        INSERT INTO account (tenant, account_id, balance_minor, currency, entries, version)
                        SELECT ?, a.account_id, a.balance_minor, a.currency, a.entries, a.version
                        FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[])
                            AS a (account_id, balance_minor, currency, entries, version)
                        ON CONFLICT DO NOTHING
                        """,
                        Rows.of(accounts));
        if (inserted < accounts.size()) {
            throw new SQLTransactionRollbackException(
                    "another transaction has opened the same account", "40001");
        }
    }

    private void move(Connection connection, List<Account.Open> accounts) throws SQLException {
        if (accounts.isEmpty()) {
            return;
        }
        int updated =
                write(
                        connection,
                        """
                        UPDATE account SET balance_minor = a.balance_minor, entries = a.entries, version = a.version
                        FROM (SELECT ? AS tenant, m.* FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[])
                            AS m (account_id, balance_minor, currency, entries, version)) AS a
                        WHERE account.tenant = a.tenant AND account.account_id = a.account_id AND account.version < a.version
                        """,
                        Rows.of(accounts));
        if (updated < accounts.size()) {
            throw new IllegalStateException("a locked account has changed or gone");
        }
    }

    private int write(Connection connection, String sql, Rows<Account.Open> accounts)
            throws SQLException {
        try (PreparedStatement statement =
                prepare(
                        connection,
                        sql,
                        tenant.value(),
                        accounts.texts(account -> account.id().value()),
                        accounts.longs(Account.Open::balanceMinor),
                        accounts.texts(account -> account.currency().value()),
                        accounts.longs(Account.Open::entries),
                        accounts.longs(Account.Open::version))) {
            return statement.executeUpdate();
        }
    }

    private void book(
            Connection connection, Rows<Accepted<LedgerEvent, Entry>> accepted, Instant appliedAt)
            throws SQLException {
        try (PreparedStatement insert =
                prepare(
                        connection,
                        """
                        INSERT INTO entry (tenant, account_id, sequence, message_id, type, amount_minor, currency,
                            balance_after_minor, occurred_at, applied_at, description)
                        SELECT ?, e.account_id, e.sequence, e.message_id, e.type, e.amount_minor, e.currency,
                            e.balance_after_minor, e.occurred_at::timestamptz, ?::timestamptz, e.description
                        FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[],
                            ?::text[], ?::text[])
                            AS e (account_id, sequence, message_id, type, amount_minor, currency, balance_after_minor,
                                occurred_at, description)
                        """,
                        tenant.value(),
                        Rows.text(appliedAt),
                        accepted.texts(event -> event.effect().event().account().value()),
                        accepted.longs(event -> event.effect().sequence()),
                        accepted.texts(event -> event.delivery().messageId().value()),
                        accepted.texts(event -> event.effect().event().type().toString()),
                        accepted.longs(event -> event.effect().event().amount().minor()),
                        accepted.texts(event -> event.effect().event().currency().value()),
                        accepted.longs(event -> event.effect().balanceAfterMinor()),
                        accepted.instants(event -> event.effect().event().occurredAt()),
                        accepted.texts(event -> event.effect().event().description()))) {
            insert.executeUpdate();
        }
    }

    /** Entries are found by their account; message IDs have no index that every entry would pay. */
    @Override
    public Set<MessageId> effects(Connection connection, Map<MessageId, Key> events)
            throws SQLException {
        Rows<Map.Entry<MessageId, Key>> rows = Rows.of(events.entrySet());
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT e.message_id FROM entry e
                                JOIN unnest(?::text[], ?::text[]) AS a (message_id, account_id)
                                    ON e.account_id = a.account_id AND e.message_id = a.message_id
                                WHERE e.tenant = ? AND e.account_id = ANY (?::text[])
                                """,
                                rows.texts(event -> event.getKey().value()),
                                rows.texts(event -> event.getValue().value()),
                                tenant.value(),
                                Rows.of(Set.copyOf(events.values())).texts(Key::value));
                ResultSet row = query.executeQuery()) {
            Set<MessageId> present = new HashSet<>();
            while (row.next()) {
                present.add(new MessageId(row.getString(1)));
            }
            return present;
        }
    }

    @Override
    public Optional<KnownEffect> effect(Connection connection, MessageId messageId, Key key)
            throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT applied_at, format('entry %s of account %s: %s %s %s, balance %s', sequence, account_id,
                                    type, amount_minor, currency, balance_after_minor)
                                FROM entry WHERE tenant = ? AND account_id = ? AND message_id = ?
                                """,
                                tenant.value(),
                                key.value(),
                                messageId.value());
                ResultSet row = query.executeQuery()) {
            return row.next()
                    ? Optional.of(
                            new KnownEffect(
                                    row.getObject(1, OffsetDateTime.class).toInstant(),
                                    row.getString(2)))
                    : Optional.empty();
        }
    }
}
