package dev.millrace.e2e;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

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
        SplittableRandom random = new SplittableRandom(seed);
        List<Report> reports = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            int account = random.nextInt(1 + random.nextInt(accounts));
            boolean credit = random.nextInt(10) < 6;
            reports.add(
                    new Report(
                            "m-" + seed + "-" + i,
                            "acc-" + account,
                            credit ? "credit" : "debit",
                            1 + random.nextInt(100_000),
                            "CZK",
                            FIRST_DAY.plus(i / 16, ChronoUnit.DAYS),
                            credit ? "cash deposit" : "withdrawal"));
        }
        return new History(seed, List.copyOf(reports));
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
