package dev.millrace.adapters.http;

import dev.millrace.adapters.http.ledger.LedgerRoutes;
import dev.millrace.adapters.http.reads.MessageRoutes;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Amount;
import dev.millrace.domain.ledger.CurrencyCode;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.EntryType;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.MessageOutcome;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.ledger.BookedEntry;
import dev.millrace.ports.ledger.LedgerStream;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** All reads, of one account with five entries and one message with two outcomes. */
final class SampleReads {

    private static final AccountId ACCOUNT = new AccountId("576");

    /** Whether every read meets an outage. */
    volatile boolean isDatabaseAway;

    List<ReadRoute> routes() {
        List<ReadRoute> reads =
                new ArrayList<>(
                        new MessageRoutes(
                                        (stream, messageId) -> outcomes(messageId),
                                        List.of(LedgerStream.NAME))
                                .routes());
        reads.addAll(new LedgerRoutes(this::account, this::entries).routes());
        return reads;
    }

    private void requireDatabase() {
        if (isDatabaseAway) {
            throw new Unavailable("the database is away");
        }
    }

    private List<MessageOutcome> outcomes(MessageId messageId) {
        requireDatabase();
        return messageId.value().equals("known")
                ? List.of(
                        new MessageOutcome("ledger", "applied", new Position(3, 4, 1, 2), "", 2),
                        new MessageOutcome(
                                "audit", "rejected", new Position(3, 4, 1, 2), "overdraft", 1))
                : List.of();
    }

    private Account account(AccountId id) {
        requireDatabase();
        return id.equals(ACCOUNT)
                ? new Account.Open(id, -120, new CurrencyCode("CZK"), 5, 7)
                : new Account.Unopened(id);
    }

    private List<BookedEntry> entries(AccountId id, long after, int limit) {
        requireDatabase();
        return id.equals(ACCOUNT)
                ? LongStream.rangeClosed(after + 1, 5)
                        .limit(limit)
                        .mapToObj(SampleReads::entry)
                        .toList()
                : List.of();
    }

    private static BookedEntry entry(long sequence) {
        LedgerEvent event =
                new LedgerEvent(
                        ACCOUNT,
                        EntryType.CREDIT,
                        new Amount(100),
                        new CurrencyCode("CZK"),
                        Instant.parse("1993-01-01T00:00:00Z"),
                        sequence == 1 ? "first \"one\"" : "");
        return new BookedEntry(
                new MessageId("m" + sequence),
                new Entry(sequence, event, 100 * sequence),
                Instant.parse("2026-01-31T12:00:00.123456Z"));
    }
}
