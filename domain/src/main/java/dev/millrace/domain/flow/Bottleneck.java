package dev.millrace.domain.flow;

import dev.millrace.domain.operations.LaneState;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What holds the flow up, in words, and what would help. A pure verdict on what one process knows.
 *
 * <p>Causes go before what they cause: a broker that does not take events before anything behind
 * it, the database before the lanes that wait for it. Without events that wait nothing behind the
 * gate is to blame.
 *
 * @param verdict what it is, for a person
 * @param advice what would help, for a person
 */
public record Bottleneck(Kind kind, String verdict, String advice) {

    /** An event that is not applied after so long waits for something. */
    static final double WAITING_SECONDS = 2;

    /** Receipts that take longer are no matter of batching any more. */
    static final double SLOW_PUBLISH_SECONDS = 0.5;

    /** Transactions that take longer are no matter of the batch's size any more. */
    static final double SLOW_TRANSACTION_SECONDS = 0.5;

    /** Lanes that are so much of their time in transactions have none left. */
    static final double BUSY = 0.7;

    /** A key with so much of each batch is what its lane is busy with. */
    static final double HOT = 0.6;

    public Bottleneck {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(verdict);
        Objects.requireNonNull(advice);
    }

    /** What a bottleneck may be. */
    public enum Kind {
        /** Nothing flows and nothing waits. */
        NONE,
        /** All that comes goes through at once: there could be more of it. */
        CALLER,
        /** The gate refuses more than it takes at once, though the broker is quick. */
        GATE,
        /** The broker takes or hands over too little. */
        BROKER,
        /** The database is away, or its transactions are slow. */
        DATABASE,
        /** Most of what waits is of one key, and so of one lane. */
        HOT_KEY,
        /** The lanes have no time left, or do not work. */
        LANES;

        /** The kind in lower case, with hyphens. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The verdict on a process. */
    public static Bottleneck of(Flow flow) {
        return Stream.of(
                        flow.gate().stream().flatMap(gate -> ofBroker(gate).stream()),
                        flow.database().stream().flatMap(there -> ofDatabase(there).stream()),
                        flow.subscriptions().stream()
                                .sorted(Comparator.comparingDouble(Bottleneck::waited).reversed())
                                .flatMap(each -> ofSubscription(each, flow.database()).stream()),
                        flow.gate().stream().flatMap(gate -> ofGate(gate).stream()))
                .flatMap(verdicts -> verdicts)
                .findFirst()
                .orElseGet(() -> ofCallers(flow));
    }

    private static Optional<Bottleneck> ofBroker(GateFlow gate) {
        if (!gate.brokerTakes()) {
            return Optional.of(broker("The broker takes no events."));
        }
        if (gate.unstoredRate() > 0) {
            return Optional.of(
                    broker(
                            String.format(
                                    Locale.ROOT,
                                    "The broker does not take, or not confirm, %.1f events per"
                                            + " second.",
                                    gate.unstoredRate())));
        }
        if (gate.publish().p50Seconds() >= SLOW_PUBLISH_SECONDS) {
            return Optional.of(
                    broker(
                            String.format(
                                    Locale.ROOT,
                                    "Half of all events wait %.1f s or longer for the broker's"
                                            + " receipt.",
                                    gate.publish().p50Seconds())));
        }
        return Optional.empty();
    }

    private static Bottleneck broker(String verdict) {
        return new Bottleneck(
                Kind.BROKER,
                verdict,
                "Look at the broker: its disks, its load, the network to it. More gates or lanes"
                        + " will not help.");
    }

    private static Optional<Bottleneck> ofDatabase(DatabaseFlow database) {
        return database.reachable()
                ? Optional.empty()
                : Optional.of(
                        database("The database is away.", "What waits is kept in the topic."));
    }

    private static Bottleneck database(String verdict, String more) {
        return new Bottleneck(
                Kind.DATABASE,
                verdict,
                "Look at the database: its transaction time, its disks, the network to it. "
                        + more);
    }

    private static Optional<Bottleneck> ofSubscription(
            SubscriptionFlow subscription, List<DatabaseFlow> database) {
        String name = subscription.name().toString();
        int lanes = subscription.laneCount();
        if (lanes == 0) {
            return Optional.empty();
        }
        if (Double.isNaN(subscription.backlog().entries())) {
            return Optional.of(broker("The broker does not tell the backlog of " + name + "."));
        }
        if (subscription.interrupted()) {
            return Optional.of(
                    database(
                            "An outage holds the lanes of " + name + ".",
                            "What waits is kept in the topic."));
        }
        double wait = waited(subscription);
        return wait >= WAITING_SECONDS
                ? Optional.of(
                        ofWaiting(
                                subscription,
                                String.format(
                                        Locale.ROOT,
                                        "Events of %s have waited for %.0f s",
                                        name,
                                        wait),
                                database))
                : Optional.empty();
    }

    private static Bottleneck ofWaiting(
            SubscriptionFlow subscription, String wait, List<DatabaseFlow> database) {
        int lanes = subscription.laneCount();
        Progress progress = subscription.progress();
        Latency transaction = subscription.transaction();
        if (subscription.lanesIn(LaneState.RUNNING) == 0) {
            return idleLanes(subscription, wait);
        }
        if (transaction.p50Seconds() >= SLOW_TRANSACTION_SECONDS) {
            return database(
                    String.format(
                            Locale.ROOT,
                            "%s: half of all transactions take %.1f s or longer.",
                            wait,
                            transaction.p50Seconds()),
                    "Lanes that wait for it gain little from more of them.");
        }
        if (database.stream().anyMatch(pool -> pool.waiting() > 0)) {
            return database(
                    wait + ": threads wait for a connection.",
                    "More connections (MILLRACE_POSTGRES_POOL_SIZE) help if it has room.");
        }
        if (progress.largestKeyShare() >= HOT) {
            return hotKey(
                    String.format(
                            Locale.ROOT,
                            "%s: %.0f %% of each batch is of one key.",
                            wait,
                            100 * progress.largestKeyShare()));
        }
        if (progress.busyLanes() >= BUSY * lanes) {
            return new Bottleneck(
                    Kind.LANES,
                    String.format(
                            Locale.ROOT,
                            "%s, and %.1f of %d lanes are in a transaction all the time.",
                            wait,
                            progress.busyLanes(),
                            lanes),
                    "Add lanes (MILLRACE_LANES) or replicas: the database has room.");
        }
        if (progress.busyLanes() >= BUSY) {
            return hotKey(
                    String.format(
                            Locale.ROOT,
                            "%s: %.1f of %d lanes are busy, and the others have time left.",
                            wait,
                            progress.busyLanes(),
                            lanes));
        }
        return broker(wait + ", and the broker hands over less than the lanes could take.");
    }

    private static Bottleneck idleLanes(SubscriptionFlow subscription, String wait) {
        return subscription.lanesIn(LaneState.PAUSED_BY_PERSON) > 0
                ? new Bottleneck(
                        Kind.LANES,
                        wait + ", and a person has paused the lanes.",
                        "millrace lanes resume has them go on.")
                : new Bottleneck(
                        Kind.LANES,
                        wait + ", and no lane runs.",
                        "The conditions of this process, and millrace lanes list, say why.");
    }

    private static Bottleneck hotKey(String verdict) {
        return new Bottleneck(
                Kind.HOT_KEY,
                verdict,
                "More lanes or replicas will not help: a key's events take effect one after the"
                        + " other. Larger batches may, or a finer key.");
    }

    private static Optional<Bottleneck> ofGate(GateFlow gate) {
        return gate.throttledRate() > 0
                ? Optional.of(
                        new Bottleneck(
                                Kind.GATE,
                                String.format(
                                        Locale.ROOT,
                                        "The gate refuses %.1f events per second that are more than"
                                                + " it takes at once.",
                                        gate.throttledRate()),
                                "Add gates, or let more be under way"
                                        + " (MILLRACE_GATE_MAX_EVENTS)."))
                : Optional.empty();
    }

    private static Bottleneck ofCallers(Flow flow) {
        boolean flows =
                flow.gate().stream().anyMatch(gate -> gate.acceptedRate() > 0)
                        || flow.subscriptions().stream()
                                .map(SubscriptionFlow::progress)
                                .anyMatch(now -> now.appliedRate() > 0 || now.rejectedRate() > 0);
        return flows
                ? new Bottleneck(
                        Kind.CALLER,
                        "Nothing waits for us: what callers send goes through as it comes.",
                        "Nothing is to be done; there is room for more.")
                : new Bottleneck(Kind.NONE, "Nothing flows, and nothing waits.", "");
    }

    /** How long events of a subscription wait; zero where nobody knows. */
    private static double waited(SubscriptionFlow subscription) {
        double age = subscription.backlog().ageSeconds();
        return Double.isNaN(age) ? 0 : age;
    }
}
