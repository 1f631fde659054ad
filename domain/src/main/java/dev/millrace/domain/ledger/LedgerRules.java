package dev.millrace.domain.ledger;

import dev.millrace.domain.Decision;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Reason;

/**
 * The rules of the books.
 *
 * @param overdraftLimitMinor how far below zero a debit may take a balance, in minor units; not
 *     negative
 */
public record LedgerRules(long overdraftLimitMinor) {

    /** A debit would take the balance below the overdraft limit. */
    public static final Reason OVERDRAFT = new Reason("overdraft");

    /** The event is in another currency than the account. */
    public static final Reason CURRENCY = new Reason("currency");

    /** The balance would not fit into 64 bits. */
    public static final Reason OVERFLOW = new Reason("overflow");

    public LedgerRules {
        if (overdraftLimitMinor < 0) {
            throw new InvalidValue("overdraftLimitMinor", "must not be negative");
        }
    }

    /** Decides about one event in one state of its account. */
    public Decision<Account, Entry> decide(Account account, LedgerEvent event) {
        return switch (account) {
            case Account.Unopened(AccountId id) ->
                    book(new Account.Open(id, 0, event.currency(), 0, 0), event);
            case Account.Open open when !open.currency().equals(event.currency()) ->
                    new Decision.Reject<>(CURRENCY);
            case Account.Open open -> book(open, event);
        };
    }

    private Decision<Account, Entry> book(Account.Open account, LedgerEvent event) {
        long balance;
        try {
            balance =
                    switch (event.type()) {
                        case CREDIT ->
                                Math.addExact(account.balanceMinor(), event.amount().minor());
                        case DEBIT ->
                                Math.subtractExact(account.balanceMinor(), event.amount().minor());
                    };
        } catch (ArithmeticException tooLarge) {
            return new Decision.Reject<>(OVERFLOW);
        }
        if (event.type() == EntryType.DEBIT && balance < -overdraftLimitMinor) {
            return new Decision.Reject<>(OVERDRAFT);
        }
        long entries = account.entries() + 1;
        return new Decision.Accept<>(
                new Account.Open(
                        account.id(), balance, account.currency(), entries, account.version() + 1),
                new Entry(entries, event, balance));
    }
}
