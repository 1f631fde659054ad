package dev.millrace.ports.contract.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Amount;
import dev.millrace.domain.ledger.CurrencyCode;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.EntryType;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.domain.ledger.LedgerRules;
import dev.millrace.ports.Stream;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.contract.Outage;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.ledger.BookedEntry;
import dev.millrace.ports.ledger.LedgerStream;
import dev.millrace.ports.ledger.driven.Books;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What all {@link Books} must do. Each test begins with an empty store. */
public interface BooksContract extends Outage {

    /** The stream whose events the tests book: a balance may fall to −1,000,000. */
    Stream<LedgerEvent, Account, Entry> STREAM = LedgerStream.under(new LedgerRules(1_000_000));

    /** The books under test. */
    Books books();

    /** An inbox that writes them. */
    Inbox<LedgerEvent, Account, Entry> inbox();

    @Test
    default void an_account_without_entries_is_unopened() {
        AccountId id = new AccountId("nobody");

        assertThat(books().account(id)).isEqualTo(new Account.Unopened(id));
        assertThat(books().entries(id, 0, 10)).isEmpty();
    }

    @Test
    default void a_booked_entry_reads_as_it_was_reported() {
        LedgerEvent credit =
                event(
                        "a",
                        EntryType.CREDIT,
                        90_000,
                        "1993-01-01T00:00:00.123456Z",
                        "cash 'deposit' \\ é😀");
        LedgerEvent debit = event("a", EntryType.DEBIT, 90_001, "2026-11-23T23:59:59Z", "");
        book("m1", credit);
        book("m2", debit);

        List<BookedEntry> entries = books().entries(new AccountId("a"), 0, 10);

        assertThat(entries)
                .extracting(BookedEntry::messageId)
                .containsExactly(new MessageId("m1"), new MessageId("m2"));
        assertThat(entries)
                .extracting(BookedEntry::entry)
                .containsExactly(new Entry(1, credit, 90_000), new Entry(2, debit, -1));
        assertThat(entries.getFirst().appliedAt()).isBeforeOrEqualTo(entries.getLast().appliedAt());
        assertThat(books().account(new AccountId("a")))
                .isEqualTo(new Account.Open(new AccountId("a"), -1, new CurrencyCode("CZK"), 2, 2));
    }

    @Test
    default void the_outermost_values_are_kept() {
        String longest = "😀".repeat(250);
        LedgerEvent first =
                event(
                        "~".repeat(200),
                        EntryType.CREDIT,
                        Amount.MAX_MINOR,
                        "0001-01-01T00:00:00Z",
                        longest);
        LedgerEvent last =
                event(
                        "~".repeat(200),
                        EntryType.CREDIT,
                        1,
                        "9999-12-31T23:59:59.999999Z",
                        " \t\n\u0001");
        book("~".repeat(200), first);
        book("m2", last);

        assertThat(books().entries(new AccountId("~".repeat(200)), 0, 10))
                .extracting(BookedEntry::entry)
                .containsExactly(
                        new Entry(1, first, Amount.MAX_MINOR),
                        new Entry(2, last, Amount.MAX_MINOR + 1));
    }

    @Test
    default void accounts_are_told_apart_bytewise() {
        book("m1", event("a", EntryType.CREDIT, 1, "2026-01-01T00:00:00Z", ""));
        book("m2", event("A", EntryType.CREDIT, 2, "2026-01-01T00:00:00Z", ""));

        assertThat(books().entries(new AccountId("A"), 0, 10)).hasSize(1);
        assertThat(books().account(new AccountId("A")))
                .isEqualTo(new Account.Open(new AccountId("A"), 2, new CurrencyCode("CZK"), 1, 1));
    }

    @Test
    default void a_rejected_first_entry_leaves_no_account() {
        assertThat(
                        outcome(
                                "m1",
                                event("a", EntryType.DEBIT, 1_000_001, "2026-01-01T00:00:00Z", "")))
                .isEqualTo(new Outcome.Rejected(LedgerRules.OVERDRAFT));

        assertThat(books().account(new AccountId("a")))
                .isEqualTo(new Account.Unopened(new AccountId("a")));
        assertThat(books().entries(new AccountId("a"), 0, 10)).isEmpty();
    }

    @Test
    default void entries_are_read_in_pages_in_order_of_their_sequence() {
        for (int i = 1; i <= 25; i++) {
            book("m" + (100 - i), event("a", EntryType.CREDIT, i, "2026-01-01T00:00:00Z", ""));
            book("other" + i, event("b", EntryType.CREDIT, i, "2026-01-01T00:00:00Z", ""));
        }

        assertThat(sequences(0, 10)).isEqualTo(LongStream.rangeClosed(1, 10).boxed().toList());
        assertThat(sequences(10, 10)).isEqualTo(LongStream.rangeClosed(11, 20).boxed().toList());
        assertThat(sequences(20, 10)).isEqualTo(LongStream.rangeClosed(21, 25).boxed().toList());
        assertThat(sequences(24, 1)).containsExactly(25L);
        assertThat(sequences(25, 10)).isEmpty();
        assertThat(sequences(Long.MAX_VALUE, 10)).isEmpty();
        assertThat(sequences(0, 1_000)).hasSize(25);
    }

    @Test
    default void entries_of_one_batch_are_booked_like_entries_of_many() {
        List<Delivery<LedgerEvent>> batch = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            batch.add(
                    delivery(
                            "m" + i,
                            event("acc" + i % 3, EntryType.CREDIT, 1, "2026-01-01T00:00:00Z", "")));
        }
        assertThat(inbox().apply(batch, PlainDeciding.on(STREAM)))
                .isInstanceOf(Settlement.Committed.class);

        assertThat(books().account(new AccountId("acc0")))
                .isEqualTo(
                        new Account.Open(
                                new AccountId("acc0"), 34, new CurrencyCode("CZK"), 34, 34));
        assertThat(books().entries(new AccountId("acc1"), 0, 100))
                .extracting(BookedEntry::messageId)
                .isEqualTo(
                        IntStream.range(0, 33)
                                .mapToObj(i -> new MessageId("m" + (1 + 3 * i)))
                                .toList());
    }

    @Test
    default void what_was_read_does_not_change() {
        book("m1", event("a", EntryType.CREDIT, 1, "2026-01-01T00:00:00Z", ""));
        List<BookedEntry> read = books().entries(new AccountId("a"), 0, 10);
        book("m2", event("a", EntryType.CREDIT, 1, "2026-01-01T00:00:00Z", ""));

        assertThat(read).hasSize(1);
        assertThatThrownBy(read::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThat(books().entries(new AccountId("a"), 0, 1)).isEqualTo(read);
    }

    @Test
    default void an_outage_is_not_taken_for_an_unopened_account() {
        book("m1", event("a", EntryType.CREDIT, 1, "2026-01-01T00:00:00Z", ""));
        makeUnavailable();
        try {
            assertThatThrownBy(() -> books().account(new AccountId("a")))
                    .isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> books().entries(new AccountId("a"), 0, 10))
                    .isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(books().entries(new AccountId("a"), 0, 10)).hasSize(1);
    }

    private List<Long> sequences(long after, int limit) {
        return books().entries(new AccountId("a"), after, limit).stream()
                .map(booked -> booked.entry().sequence())
                .toList();
    }

    private void book(String messageId, LedgerEvent event) {
        assertThat(outcome(messageId, event)).isEqualTo(new Outcome.Applied());
    }

    private Outcome outcome(String messageId, LedgerEvent event) {
        Settlement settlement =
                inbox().apply(List.of(delivery(messageId, event)), PlainDeciding.on(STREAM));
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        return ((Settlement.Committed) settlement).outcomes().getFirst();
    }

    /**
     * A copy whose place follows from its message ID, so that no two events of a test share one.
     */
    private static Delivery<LedgerEvent> delivery(String messageId, LedgerEvent event) {
        Position position = new Position(7, Integer.toUnsignedLong(messageId.hashCode()), 0, 0);
        return new Delivery.Decoded<>(
                new MessageId(messageId),
                event.account().key(),
                event,
                STREAM.digest(event),
                new Copy(
                        position,
                        Instant.parse("2026-03-01T12:00:00.123Z"),
                        Payload.EMPTY,
                        "1",
                        Map.of()));
    }

    private static LedgerEvent event(
            String account, EntryType type, long minor, String occurredAt, String description) {
        return new LedgerEvent(
                new AccountId(account),
                type,
                new Amount(minor),
                new CurrencyCode("CZK"),
                Instant.parse(occurredAt),
                description);
    }
}
