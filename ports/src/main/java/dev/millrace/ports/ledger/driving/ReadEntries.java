package dev.millrace.ports.ledger.driving;

import dev.millrace.domain.ledger.AccountId;
import dev.millrace.ports.ledger.BookedEntry;

import java.util.List;

/** Reads an account's applied entries. Thread-safe. */
@FunctionalInterface
public interface ReadEntries {

    /**
     * Reads one page.
     *
     * @param after the sequence to start behind; 0 for the beginning
     * @param limit how many at most
     * @return in order of their sequence; empty when there is none
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<BookedEntry> read(AccountId account, long after, int limit);
}
