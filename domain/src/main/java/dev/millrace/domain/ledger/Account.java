package dev.millrace.domain.ledger;

import dev.millrace.domain.InvalidValue;

import java.util.Objects;

/** An account: one that no applied entry has opened yet, or one with a balance. */
public sealed interface Account {

    /** Names the account. */
    AccountId id();

    /** No entry has been applied: it has no currency, and a rejected first entry leaves it so. */
    record Unopened(AccountId id) implements Account {
        public Unopened {
            Objects.requireNonNull(id);
        }
    }

    /**
     * At least one entry has been applied.
     *
     * @param balanceMinor in minor units; negative down to the overdraft limit
     * @param currency of its first entry, and so of all
     * @param entries how many have been applied
     * @param version raised by each change
     */
    record Open(AccountId id, long balanceMinor, CurrencyCode currency, long entries, long version)
            implements Account {
        public Open {
            Objects.requireNonNull(id);
            Objects.requireNonNull(currency);
            if (entries < 1) {
                throw new InvalidValue("entries", "must be at least 1 in an open account");
            }
            if (version < 1) {
                throw new InvalidValue("version", "must be at least 1 in an open account");
            }
        }
    }
}
