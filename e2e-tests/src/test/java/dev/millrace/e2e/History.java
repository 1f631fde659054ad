package dev.millrace.e2e;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Made-up bank transactions with an oracle of their own: whoever applies each once, in order per
 * account, ends on exactly the oracle's lines; one lost, applied twice or swapped shows.
 */
record History(long seed, List<Report> reports) {

    private static final Instant FIRST_DAY = Instant.parse("1993-01-01T00:00:00Z");

    /**
     * Some accounts are far busier than others, and debits are large enough to be refused at times.
     */
    static History generate(long seed, int accounts, int events) {
        return new History(
                seed,
                reports(seed, random -> random.nextInt(1 + random.nextInt(accounts)))
                        .limit(events)
                        .toList());
    }

    /** Transactions without end, half of them on a few hot accounts. */
    static Stream<Report> endless(long seed, int hot, int cold) {
        return reports(
                seed,
                random -> random.nextBoolean() ? random.nextInt(hot) : hot + random.nextInt(cold));
    }

    private static Stream<Report> reports(long seed, ToIntFunction<SplittableRandom> account) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> report(seed, i, account.applyAsInt(random), random));
    }

    private static Report report(long seed, int number, int account, SplittableRandom random) {
        boolean credit = random.nextInt(10) < 6;
        return new Report(
                "m-" + seed + "-" + number,
                "acc-" + account,
                credit ? "credit" : "debit",
                1 + random.nextInt(100_000),
                "CZK",
                FIRST_DAY.plus(number / 16, ChronoUnit.DAYS),
                Planted.PAYLOAD);
    }

    /** One line of an account's books. */
    record Line(long sequence, String messageId, long balanceAfterMinor) {}

    /** What every account's books must say in the end, under an overdraft limit. */
    Map<String, List<Line>> books(long overdraftLimitMinor) {
        Map<String, List<Line>> books = new TreeMap<>();
        Map<String, Long> balances = new HashMap<>();
        for (Report report : reports) {
            long before = balances.getOrDefault(report.accountId(), 0L);
            boolean credit = report.type().equals("credit");
            long after = credit ? before + report.amountMinor() : before - report.amountMinor();
            if (credit || after >= -overdraftLimitMinor) {
                balances.put(report.accountId(), after);
                List<Line> lines =
                        books.computeIfAbsent(report.accountId(), account -> new ArrayList<>());
                lines.add(new Line(lines.size() + 1L, report.messageId(), after));
            }
        }
        return books;
    }
}
