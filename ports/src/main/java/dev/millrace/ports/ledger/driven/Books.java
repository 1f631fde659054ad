package dev.millrace.ports.ledger.driven;

import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.ports.ledger.BookedEntry;

import java.util.List;

/** The accounts and their applied entries. Thread-safe. */
public interface Books {

    /**
     * Looks an account up.
     *
     * @return {@link Account.Unopened} when no entry has been applied
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    Account account(AccountId account);

    /**
     * Reads one page of an account's entries.
     *
     * @param after the sequence to start behind; 0 for the beginning
     * @param limit how many at most
     * @return in order of their sequence; empty when there is none
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<BookedEntry> entries(AccountId account, long after, int limit);
}
