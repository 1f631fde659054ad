package dev.millrace.ports.ledger;

import dev.millrace.domain.StreamName;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.domain.ledger.LedgerRules;
import dev.millrace.ports.Stream;

/** The stream {@code ledger-entries}. */
public final class LedgerStream {

    /** Its name, and that of its topic. */
    public static final StreamName NAME = new StreamName("ledger-entries");

    private LedgerStream() {}

    /** The stream under these rules. */
    public static Stream<LedgerEvent, Account, Entry> under(LedgerRules rules) {
        return new Stream<>(
                NAME,
                event -> event.account().key(),
                LedgerEvent::canonicalForm,
                key -> new Account.Unopened(new AccountId(key.value())),
                rules::decide);
    }
}
