package dev.millrace.domain.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Decision;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Reason;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Random;

final class LedgerRulesTest {

    private static final AccountId ID = new AccountId("576");
    private static final Account UNOPENED = new Account.Unopened(ID);

    private final LedgerRules rules = new LedgerRules(100);

    @Test
    void the_first_entry_opens_the_account_in_its_currency() {
        LedgerEvent event = event(EntryType.CREDIT, 5, "EUR");

        assertThat(rules.decide(UNOPENED, event))
                .isEqualTo(new Decision.Accept<>(open(5, "EUR", 1), new Entry(1, event, 5)));
    }

    @Test
    void each_entry_carries_the_balance_after_it() {
        LedgerEvent event = event(EntryType.DEBIT, 30, "CZK");

        assertThat(rules.decide(open(20, "CZK", 7), event))
                .isEqualTo(new Decision.Accept<>(open(-10, "CZK", 8), new Entry(8, event, -10)));
    }

    @Test
    void a_debit_may_take_the_balance_to_the_overdraft_limit_and_no_further() {
        assertThat(balanceAfter(rules.decide(UNOPENED, event(EntryType.DEBIT, 100, "CZK"))))
                .isEqualTo(-100);
        assertRejected(UNOPENED, event(EntryType.DEBIT, 101, "CZK"), LedgerRules.OVERDRAFT);
        assertThat(
                        balanceAfter(
                                rules.decide(
                                        open(-99, "CZK", 1), event(EntryType.DEBIT, 1, "CZK"))))
                .isEqualTo(-100);
        assertRejected(
                open(-100, "CZK", 1), event(EntryType.DEBIT, 1, "CZK"), LedgerRules.OVERDRAFT);
        assertRejected(
                open(0, "CZK", 1),
                event(EntryType.DEBIT, Amount.MAX_MINOR, "CZK"),
                LedgerRules.OVERDRAFT);
    }

    @Test
    void without_an_overdraft_a_balance_may_fall_to_zero() {
        LedgerRules strict = new LedgerRules(0);

        assertThat(balanceAfter(strict.decide(open(5, "CZK", 1), event(EntryType.DEBIT, 5, "CZK"))))
                .isZero();
        assertThat(strict.decide(open(5, "CZK", 1), event(EntryType.DEBIT, 6, "CZK")))
                .isEqualTo(new Decision.Reject<>(LedgerRules.OVERDRAFT));
    }

    @Test
    void a_credit_is_taken_also_below_the_limit() {
        assertThat(
                        balanceAfter(
                                rules.decide(
                                        open(-500, "CZK", 1), event(EntryType.CREDIT, 1, "CZK"))))
                .isEqualTo(-499);
    }

    @Test
    void another_currency_is_rejected_before_anything_else_is_looked_at() {
        assertRejected(open(0, "CZK", 1), event(EntryType.CREDIT, 1, "EUR"), LedgerRules.CURRENCY);
        assertRejected(
                open(0, "CZK", 1), event(EntryType.DEBIT, 1_000, "EUR"), LedgerRules.CURRENCY);
    }

    @Test
    void a_balance_that_would_not_fit_is_rejected() {
        assertThat(
                        balanceAfter(
                                rules.decide(
                                        open(Long.MAX_VALUE - 1, "CZK", 1),
                                        event(EntryType.CREDIT, 1, "CZK"))))
                .isEqualTo(Long.MAX_VALUE);
        assertRejected(
                open(Long.MAX_VALUE, "CZK", 1),
                event(EntryType.CREDIT, 1, "CZK"),
                LedgerRules.OVERFLOW);
        assertThat(
                        new LedgerRules(Long.MAX_VALUE)
                                .decide(
                                        open(Long.MIN_VALUE, "CZK", 1),
                                        event(EntryType.DEBIT, 1, "CZK")))
                .isEqualTo(new Decision.Reject<>(LedgerRules.OVERFLOW));
    }

    @Test
    void a_rejected_first_entry_leaves_the_currency_open() {
        assertRejected(UNOPENED, event(EntryType.DEBIT, 101, "EUR"), LedgerRules.OVERDRAFT);

        assertThat(rules.decide(UNOPENED, event(EntryType.CREDIT, 1, "CZK")))
                .isInstanceOf(Decision.Accept.class);
    }

    @Test
    void a_random_history_equals_a_naive_model() {
        long seed = 20_261_123;
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            long limit = random.nextBoolean() ? random.nextInt(500) : Long.MAX_VALUE;
            LedgerRules drawn = new LedgerRules(limit);
            NaiveAccount model = new NaiveAccount(BigInteger.valueOf(limit));
            Account account = UNOPENED;
            for (int step = 0; step < 100; step++) {
                LedgerEvent event = anyEvent(random);
                Decision<Account, Entry> decision = drawn.decide(account, event);
                assertThat(describe(decision))
                        .as("seed %s, run %s, step %s, %s", seed, run, step, event)
                        .isEqualTo(model.book(event));
                if (decision
                        instanceof Decision.Accept<Account, Entry>(Account next, Entry entry)) {
                    account = next;
                    assertThat(next)
                            .isEqualTo(
                                    new Account.Open(
                                            ID,
                                            entry.balanceAfterMinor(),
                                            new CurrencyCode(model.currency),
                                            entry.sequence(),
                                            entry.sequence()));
                }
            }
        }
    }

    private static LedgerEvent anyEvent(Random random) {
        return event(
                random.nextBoolean() ? EntryType.CREDIT : EntryType.DEBIT,
                random.nextInt(20) == 0 ? Amount.MAX_MINOR : 1 + random.nextInt(400),
                random.nextInt(10) == 0 ? "EUR" : "CZK");
    }

    private static String describe(Decision<Account, Entry> decision) {
        return switch (decision) {
            case Decision.Accept<Account, Entry>(Account account, Entry entry) ->
                    entry.sequence() + " " + entry.balanceAfterMinor();
            case Decision.Reject<Account, Entry>(Reason reason) -> reason.value();
        };
    }

    /** The books of one account in whole numbers without a bound. */
    private static final class NaiveAccount {
        private final BigInteger limit;
        private BigInteger balance = BigInteger.ZERO;
        private String currency = "";
        private int entries;

        NaiveAccount(BigInteger limit) {
            this.limit = limit;
        }

        String book(LedgerEvent event) {
            if (entries > 0 && !currency.equals(event.currency().value())) {
                return "currency";
            }
            BigInteger amount = BigInteger.valueOf(event.amount().minor());
            boolean debit = event.type() == EntryType.DEBIT;
            BigInteger after = debit ? balance.subtract(amount) : balance.add(amount);
            if (after.bitLength() > 63) {
                return "overflow";
            }
            if (debit && after.compareTo(limit.negate()) < 0) {
                return "overdraft";
            }
            balance = after;
            currency = event.currency().value();
            entries++;
            return entries + " " + after;
        }
    }

    @Test
    void a_negative_limit_is_refused() {
        assertThatThrownBy(() -> new LedgerRules(-1))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("overdraftLimitMinor must not be negative");
    }

    @Test
    void an_open_account_and_an_entry_count_from_one() {
        assertThatThrownBy(() -> open(0, "CZK", 0)).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new Account.Open(ID, 0, new CurrencyCode("CZK"), 1, 0))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new Entry(0, event(EntryType.CREDIT, 1, "CZK"), 1))
                .isInstanceOf(InvalidValue.class);
    }

    private void assertRejected(Account account, LedgerEvent event, Reason reason) {
        assertThat(rules.decide(account, event)).isEqualTo(new Decision.Reject<>(reason));
    }

    private static long balanceAfter(Decision<Account, Entry> decision) {
        return switch (decision) {
            case Decision.Accept<Account, Entry>(Account account, Entry entry) ->
                    entry.balanceAfterMinor();
            case Decision.Reject<Account, Entry>(Reason reason) ->
                    throw new AssertionError("rejected: " + reason);
        };
    }

    private static Account.Open open(long balance, String currency, long entries) {
        return new Account.Open(ID, balance, new CurrencyCode(currency), entries, entries);
    }

    private static LedgerEvent event(EntryType type, long minor, String currency) {
        return new LedgerEvent(
                ID,
                type,
                new Amount(minor),
                new CurrencyCode(currency),
                Instant.parse("2026-01-01T00:00:00Z"),
                "");
    }
}
