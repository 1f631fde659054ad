package dev.millrace.ports.fake.ledger;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.contract.ledger.BooksContract;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.ledger.LedgerStream;
import dev.millrace.ports.ledger.driven.Books;

import java.time.InstantSource;

final class InMemoryBooksTest implements BooksContract {

    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryInbox<LedgerEvent, Account, Entry> inbox =
            new InMemoryInbox<>(
                    database,
                    new SubscriptionId(
                            new Tenant("millrace"),
                            new Namespace("events"),
                            LedgerStream.NAME,
                            "ledger"),
                    STREAM,
                    account -> true,
                    InstantSource.system());

    @Override
    public Books books() {
        return new InMemoryBooks(database, inbox);
    }

    @Override
    public Inbox<LedgerEvent, Account, Entry> inbox() {
        return inbox;
    }

    @Override
    public void makeUnavailable() {
        database.makeUnavailable();
    }

    @Override
    public void makeAvailable() {
        database.makeAvailable();
    }
}
