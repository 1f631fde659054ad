package dev.millrace.adapters.postgres.ledger;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Amount;
import dev.millrace.domain.ledger.CurrencyCode;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.EntryType;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.ledger.BookedEntry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Rows of the books as the model has them. */
final class LedgerRows {

    private LedgerRows() {}

    static Account.Open account(ResultSet row) throws SQLException {
        return new Account.Open(
                new AccountId(row.getString("account_id")),
                row.getLong("balance_minor"),
                new CurrencyCode(row.getString("currency")),
                row.getLong("entries"),
                row.getLong("version"));
    }

    static BookedEntry entry(ResultSet row) throws SQLException {
        LedgerEvent event =
                new LedgerEvent(
                        new AccountId(row.getString("account_id")),
                        EntryType.of(row.getString("type")),
                        new Amount(row.getLong("amount_minor")),
                        new CurrencyCode(row.getString("currency")),
                        instant(row, "occurred_at"),
                        row.getString("description"));
        return new BookedEntry(
                new MessageId(row.getString("message_id")),
                new Entry(row.getLong("sequence"), event, row.getLong("balance_after_minor")),
                instant(row, "applied_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
