package dev.millrace.benchmarks.load;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Sample events of the ledger: mostly good ones, and on purpose some of each kind that is not
 * applied. Thread-safe.
 */
public final class LedgerTraffic {

    /** Why an event is sent. */
    public enum Purpose {
        /** A credit or a small debit. */
        FRESH,
        /** An event that was accepted before, once more. */
        DUPLICATE,
        /** Another event under a message ID that was accepted before. */
        CONFLICT,
        /** A debit that no account can bear. */
        OVERDRAFT,
        /** A debit in another currency. */
        OTHER_CURRENCY,
        /** No event at all, by the rules of the stream. */
        INVALID
    }

    /**
     * One event to send.
     *
     * @param json it, as the gate takes it
     */
    public record Sample(Purpose purpose, String messageId, String accountId, String json) {
        public Sample {
            Objects.requireNonNull(purpose);
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(accountId);
            Objects.requireNonNull(json);
        }
    }

    private static final int REMEMBERED = 2_000;
    private static final long UNBEARABLE = 1_000_000_000_000L;

    private final String run;
    private final int accounts;
    private final RandomGenerator random;
    private final List<Sample> accepted = new ArrayList<>();
    private long next;

    /**
     * @param run tells the message IDs of this run from those of all others
     * @param accounts how many there are
     */
    public LedgerTraffic(String run, int accounts, long seed) {
        this.run = Objects.requireNonNull(run);
        this.accounts = accounts;
        this.random = new SplittableRandom(seed);
    }

    /** The next event to send. */
    public synchronized Sample next() {
        int percentile = random.nextInt(1_000);
        Purpose purpose =
                percentile < 900
                        ? Purpose.FRESH
                        : percentile < 945
                                ? Purpose.DUPLICATE
                                : percentile < 948
                                        ? Purpose.CONFLICT
                                        : percentile < 975
                                                ? Purpose.OVERDRAFT
                                                : percentile < 990
                                                        ? Purpose.OTHER_CURRENCY
                                                        : Purpose.INVALID;
        boolean repeats = purpose == Purpose.DUPLICATE || purpose == Purpose.CONFLICT;
        if (repeats && accepted.isEmpty()) {
            return event(Purpose.FRESH, messageId());
        }
        return switch (purpose) {
            case DUPLICATE -> {
                Sample earlier = earlier();
                yield new Sample(purpose, earlier.messageId(), earlier.accountId(), earlier.json());
            }
            case CONFLICT -> event(purpose, earlier().messageId());
            case FRESH, OVERDRAFT, OTHER_CURRENCY, INVALID -> event(purpose, messageId());
        };
    }

    /** The gate took it, so it may be repeated. */
    public synchronized void accepted(Sample sample) {
        if (sample.purpose() != Purpose.FRESH) {
            return;
        }
        if (accepted.size() < REMEMBERED) {
            accepted.add(sample);
        } else {
            accepted.set(random.nextInt(REMEMBERED), sample);
        }
    }

    private Sample earlier() {
        return accepted.get(random.nextInt(accepted.size()));
    }

    private String messageId() {
        return run + "-" + next++;
    }

    private Sample event(Purpose purpose, String messageId) {
        String account = "account-" + (1 + random.nextInt(accounts));
        boolean debit =
                switch (purpose) {
                    case FRESH -> random.nextInt(4) == 0;
                    case OVERDRAFT, OTHER_CURRENCY -> true;
                    case DUPLICATE, CONFLICT, INVALID -> false;
                };
        long amount =
                switch (purpose) {
                    case FRESH -> debit ? 1 + random.nextInt(200) : 1_000 + random.nextInt(50_000);
                    case OVERDRAFT -> UNBEARABLE + random.nextInt(1_000);
                    case CONFLICT -> 500_000 + random.nextInt(1_000);
                    case OTHER_CURRENCY, DUPLICATE -> 1 + random.nextInt(100);
                    case INVALID -> 0;
                };
        String currency = purpose == Purpose.OTHER_CURRENCY ? "USD" : "EUR";
        return new Sample(
                purpose, messageId, account, json(messageId, account, debit, amount, currency));
    }

    private static String json(
            String messageId, String account, boolean debit, long amount, String currency) {
        return "{\"messageId\":\"%s\",\"accountId\":\"%s\",\"type\":\"%s\",\"amountMinor\":%d,\"currency\":\"%s\","
                        .formatted(messageId, account, debit ? "debit" : "credit", amount, currency)
                + "\"occurredAt\":\""
                + Instant.ofEpochMilli(System.currentTimeMillis())
                + "\"}";
    }
}
