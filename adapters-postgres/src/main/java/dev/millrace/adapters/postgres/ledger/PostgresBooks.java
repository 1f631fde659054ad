package dev.millrace.adapters.postgres.ledger;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.adapters.postgres.PostgresDatabase;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.ports.ledger.BookedEntry;
import dev.millrace.ports.ledger.driven.Books;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The books of one tenant as readers see them. Thread-safe. */
public final class PostgresBooks implements Books {

    private final PostgresDatabase database;
    private final Tenant tenant;

    /** The books of this tenant, and of no other. */
    public PostgresBooks(PostgresDatabase database, Tenant tenant) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
    }

    @Override
    public Account account(AccountId account) {
        return database.read(
                "an account",
                connection -> {
                    try (PreparedStatement query =
                                    prepare(
                                            connection,
                                            """
                                            SELECT account_id, balance_minor, currency, entries, version FROM account
                                            WHERE tenant = ? AND account_id = ?
                                            """,
                                            tenant.value(),
                                            account.value());
                            ResultSet row = query.executeQuery()) {
                        return row.next() ? LedgerRows.account(row) : new Account.Unopened(account);
                    }
                });
    }

    @Override
    public List<BookedEntry> entries(AccountId account, long after, int limit) {
        return database.read(
                "an account's entries",
                connection -> {
                    try (PreparedStatement query =
                                    prepare(
                                            connection,
                                            """
                                            SELECT account_id, sequence, message_id, type, amount_minor, currency,
                                                balance_after_minor, occurred_at, applied_at, description
                                            FROM entry
                                            WHERE tenant = ? AND account_id = ? AND sequence > ?
                                            ORDER BY sequence
                                            LIMIT ?
                                            """,
                                            tenant.value(),
                                            account.value(),
                                            after,
                                            limit);
                            ResultSet row = query.executeQuery()) {
                        List<BookedEntry> entries = new ArrayList<>();
                        while (row.next()) {
                            entries.add(LedgerRows.entry(row));
                        }
                        return List.copyOf(entries);
                    }
                });
    }
}
