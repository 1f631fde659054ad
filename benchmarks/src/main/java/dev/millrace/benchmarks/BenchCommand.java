package dev.millrace.benchmarks;

import dev.millrace.benchmarks.drain.Databases;
import dev.millrace.benchmarks.drain.Drain;
import dev.millrace.benchmarks.drain.Fill;
import dev.millrace.benchmarks.drain.Topic;
import dev.millrace.benchmarks.load.AnswerFile;
import dev.millrace.benchmarks.process.Failure;
import dev.millrace.benchmarks.process.Service;
import dev.millrace.benchmarks.process.Stack;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The speed of batches against single events. */
@Command(
        name = "bench",
        sortOptions = false,
        subcommands = CostCommand.class,
        description = {
            "Fills a topic through the gate, then drains it with one lane: in batches, and with a"
                    + " batch bound of 1.",
            "The two take turns, each round on a new database and a subscription of its own."
                    + " Medians are compared."
        })
final class BenchCommand extends Benchmark {

    private static final int OF_REQUEST = 500;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(5);

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "events in the topic (default: ${DEFAULT-VALUE})")
    private int events = 100_000;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "events in a batch (default: ${DEFAULT-VALUE})")
    private int batch = 500;

    @Option(
            names = "--single-seconds",
            paramLabel = "SECONDS",
            description =
                    "how long a round of single events is watched (default: ${DEFAULT-VALUE})")
    private int singleSeconds = 6;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "exclusive, failover, shared or key_shared (default: ${DEFAULT-VALUE})")
    private String type = "key_shared";

    @Option(
            names = "--min-ratio",
            paramLabel = "RATIO",
            description =
                    "the exit status is 1 when batches are not so many times as fast (default: no"
                            + " demand)")
    private double minRatio;

    @Mixin private AnswersOption answers = new AnswersOption();

    /** The two ways of draining. */
    private enum Side {
        BATCHED,
        SINGLE;

        String subscription(int round) {
            return name().toLowerCase(Locale.ROOT) + "-" + round;
        }
    }

    @Override
    boolean canBeMeasured() {
        return events >= 1_000 && batch >= 2 && singleSeconds >= 1;
    }

    @Override
    String demands() {
        return "--events must be at least 1000, --batch at least 2, the others at least 1";
    }

    @Override
    int measure(Path directory) throws InterruptedException {
        String run = "bench_" + Long.toString(System.currentTimeMillis(), 36);
        try (Stack stack = Stack.findOrStart(directory, false, this::say);
                Databases databases = new Databases(stack.addresses());
                Topic topic = new Topic(stack.addresses(), run.replace('_', '-'))) {
            String durability =
                    describe(databases.durability()) + "; BookKeeper " + journal(directory);
            fill(directory, topic);
            Topic.Contents contents = topic.read();
            describe(contents);
            Map<Side, List<Double>> rates =
                    new TreeMap<>(
                            Map.of(
                                    Side.BATCHED,
                                    new ArrayList<>(),
                                    Side.SINGLE,
                                    new ArrayList<>()));
            for (int round = 1; round <= rounds(); round++) {
                List<Side> order =
                        round % 2 == 1
                                ? List.of(Side.BATCHED, Side.SINGLE)
                                : List.of(Side.SINGLE, Side.BATCHED);
                for (Side side : order) {
                    Map<String, String> database =
                            databases.create(
                                    run + "_" + side.name().toLowerCase(Locale.ROOT) + "_" + round);
                    double rate = drain(directory, topic, database, side, round, contents.events());
                    rates.getOrDefault(side, List.of()).add(rate);
                }
            }
            return judge(
                    median(rates.getOrDefault(Side.BATCHED, List.of())),
                    median(rates.getOrDefault(Side.SINGLE, List.of())),
                    durability);
        }
    }

    /** The subscriptions come first, since each has only what is published after it. */
    private void fill(Path directory, Topic topic) throws InterruptedException {
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.put("MILLRACE_ROLES", "gate");
        try (AnswerFile kept = answers.open();
                Service gate = Service.start(plan("gate", directory, settings), this::say)) {
            for (int round = 1; round <= rounds(); round++) {
                for (Side side : Side.values()) {
                    topic.subscribe(side.subscription(round));
                }
            }
            say(
                    String.format(
                            Locale.ROOT,
                            "filling the topic with %,d events of %,d accounts",
                            events,
                            accounts()));
            long start = System.nanoTime();
            new Fill(gate.gate(), "bench", events, accounts(), OF_REQUEST, kept).run();
            double seconds = (System.nanoTime() - start) / 1e9;
            say(
                    String.format(
                            Locale.ROOT,
                            "filled in %.1f s: %,.0f events/s through the gate",
                            seconds,
                            events / seconds));
        }
    }

    private double drain(
            Path directory,
            Topic topic,
            Map<String, String> database,
            Side side,
            int round,
            long inTopic)
            throws InterruptedException {
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.putAll(database);
        settings.put("MILLRACE_ROLES", "worker");
        settings.put("MILLRACE_SUBSCRIPTION_NAME", side.subscription(round));
        settings.put("MILLRACE_SUBSCRIPTION_TYPE", type);
        settings.put("MILLRACE_LANES", "1");
        settings.put(
                "MILLRACE_BATCH_MAX_EVENTS", Integer.toString(side == Side.BATCHED ? batch : 1));
        Duration atMost = side == Side.BATCHED ? LONGEST_DRAIN : Duration.ofSeconds(singleSeconds);
        try (Service worker = Service.start(plan("worker", directory, settings), line -> {})) {
            Drain.Result result = Drain.watch(worker, inTopic, WARM_UP, atMost);
            out.printf(
                    Locale.ROOT,
                    "round %d  %-10s %,10.0f events/s   (%,d events, %.1f to a transaction"
                            + " of %.1f ms)%n",
                    round,
                    side == Side.BATCHED ? "batches" : "one by one",
                    result.eventsPerSecond(),
                    result.events(),
                    result.eventsPerTransaction(),
                    result.transactionMillis());
            out.flush();
            return result.eventsPerSecond();
        }
    }

    private void describe(Topic.Contents contents) {
        out.printf(
                Locale.ROOT,
                "%ntopic    %,d events in %,d entries: %.1f events per entry%n",
                contents.events(),
                contents.entries(),
                (double) contents.events() / contents.entries());
        List<String> shares =
                new TreeMap<>(contents.eventsByBucket())
                        .entrySet().stream()
                                .map(bucket ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s %.1f %%",
                                                bucket.getKey(),
                                                100.0 * bucket.getValue() / contents.events()))
                                .toList();
        out.println("buckets  share of each (partition/bucket):");
        for (int i = 0; i < shares.size(); i += 4) {
            out.printf(
                    Locale.ROOT,
                    "         %s%n",
                    String.join("   ", shares.subList(i, Math.min(shares.size(), i + 4))));
        }
        out.println();
        out.flush();
    }

    private int judge(double batched, double single, String durability) {
        double ratio = batched / single;
        out.printf(
                Locale.ROOT,
                "%nmedian   batches %,.0f events/s, one by one %,.0f events/s: %.1f times"
                        + " as fast%n",
                batched,
                single,
                ratio);
        out.printf(Locale.ROOT, "settings %s; one lane, %s%n", durability, type);
        if (ratio < minRatio) {
            out.printf(Locale.ROOT, "That is less than the %.1f times demanded.%n", minRatio);
            return 1;
        }
        return 0;
    }

    private static String describe(Map<String, String> settings) {
        return "PostgreSQL "
                + settings.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** The bookie has no port to ask; its configuration file is what it runs on. */
    private static String journal(Path directory) {
        Path file = directory.resolve("broker").resolve("bookie.conf");
        Properties bookie = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            bookie.load(reader);
        } catch (IOException unreadable) {
            throw new Failure(
                    "cannot read whether the broker syncs its journal: " + unreadable, unreadable);
        }
        return "journalSyncData " + bookie.getProperty("journalSyncData", "(default)");
    }
}
