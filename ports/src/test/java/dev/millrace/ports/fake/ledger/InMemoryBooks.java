package dev.millrace.ports.fake.ledger;

import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.ledger.BookedEntry;
import dev.millrace.ports.ledger.driven.Books;

import java.util.List;
import java.util.Objects;

/** The books that an {@link InMemoryInbox} has written. Thread-safe. */
public final class InMemoryBooks implements Books {

    private final InMemoryDatabase database;
    private final InMemoryInbox<LedgerEvent, Account, Entry> inbox;

    /** The books of this inbox, which stands on this database. */
    public InMemoryBooks(
            InMemoryDatabase database, InMemoryInbox<LedgerEvent, Account, Entry> inbox) {
        this.database = Objects.requireNonNull(database);
        this.inbox = Objects.requireNonNull(inbox);
    }

    @Override
    public Account account(AccountId account) {
        database.requireAvailable();
        return inbox.state(account.key());
    }

    @Override
    public List<BookedEntry> entries(AccountId account, long after, int limit) {
        database.requireAvailable();
        return inbox.effects(account.key()).stream()
                .filter(booked -> booked.accepted().effect().sequence() > after)
                .limit(limit)
                .map(booked ->
                        new BookedEntry(
                                booked.accepted().delivery().messageId(),
                                booked.accepted().effect(),
                                booked.appliedAt()))
                .toList();
    }
}
