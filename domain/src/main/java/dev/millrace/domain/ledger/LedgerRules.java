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
            case Account.Unopened unopened -> book(event, 0, 0, 0);
            case Account.Open open when !open.currency().equals(event.currency()) ->
                    new Decision.Reject<>(CURRENCY);
            case Account.Open open ->
                    book(event, open.balanceMinor(), open.entries(), open.version());
        };
    }

    private Decision<Account, Entry> book(
            LedgerEvent event, long balanceBefore, long entriesBefore, long versionBefore) {
        long amount = event.amount().minor();
        long balance;
        try {
            balance =
                    switch (event.type()) {
                        case CREDIT -> Math.addExact(balanceBefore, amount);
                        case DEBIT -> Math.subtractExact(balanceBefore, amount);
                    };
        } catch (ArithmeticException tooLarge) {
            return new Decision.Reject<>(OVERFLOW);
        }
        if (event.type() == EntryType.DEBIT && balance < -overdraftLimitMinor) {
            return new Decision.Reject<>(OVERDRAFT);
        }
        long entries = entriesBefore + 1;
        return new Decision.Accept<>(
                new Account.Open(
                        event.account(), balance, event.currency(), entries, versionBefore + 1),
                new Entry(entries, event, balance));
    }
}
