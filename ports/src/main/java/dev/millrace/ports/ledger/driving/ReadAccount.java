package dev.millrace.ports.ledger.driving;

import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;

/** Tells the state of an account. Thread-safe. */
@FunctionalInterface
public interface ReadAccount {

    /**
     * Looks an account up.
     *
     * @return {@link Account.Unopened} when no entry has been applied
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    Account read(AccountId account);
}
