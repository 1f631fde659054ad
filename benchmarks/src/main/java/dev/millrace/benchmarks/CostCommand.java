package dev.millrace.benchmarks;

import dev.millrace.benchmarks.drain.Databases;
import dev.millrace.benchmarks.drain.Fill;
import dev.millrace.benchmarks.drain.Topic;
import dev.millrace.benchmarks.load.AnswerFile;
import dev.millrace.benchmarks.process.Failure;
import dev.millrace.benchmarks.process.Service;
import dev.millrace.benchmarks.process.Stack;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What it costs to count and to trace. */
@Command(
        name = "cost",
        sortOptions = false,
        description = {
            "Puts the same load through the whole service three ways: with metrics and traces off,"
                + " with metrics and 10 %% of the requests traced, and with metrics and all of them"
                + " traced.",
            "The three take turns, each round of each on a process, a topic and a database of its"
                + " own, with /metrics read every five seconds, as the Prometheus in docker/ does."
                + " Medians are compared, without what the virtual machine takes to compile code:"
                + " that ends, and differs from one process to the next."
        })
final class CostCommand extends Benchmark {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final long STEP_MILLIS = 20;
    private static final long SCRAPE_MILLIS = 5_000;

    private static final String TRAINED = "\"-XX:AOTCacheOutput=%s\" -Xlog:aot*=off";

    /** The time of compilers that end would not be told. */
    private static final String MEASURED =
            "\"-XX:AOTCache=%s\" -Xlog:aot*=off -XX:-UseDynamicNumberOfCompilerThreads";

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "events that are measured in a round (default: ${DEFAULT-VALUE})")
    private int events = 160_000;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "events before them (default: ${DEFAULT-VALUE})")
    private int warmUp = 120_000;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "events a second, or 0 for as many as go through (default: ${DEFAULT-VALUE})")
    private int rate = 4_000;

    @Option(
            names = "--request",
            paramLabel = "N",
            description = "events in a request (default: ${DEFAULT-VALUE})")
    private int ofRequest = 20;

    @Option(
            names = "--max-cost",
            paramLabel = "PERCENT",
            description =
                    "the exit status is 1 when metrics and 10 %% of traces take more processor time"
                            + " than that (default: no demand)")
    private double maxCost = Double.POSITIVE_INFINITY;

    /** The three ways. */
    private enum Side {
        OFF("off", "off", "0"),
        SOME("on, 10 % traced", "on", "0.1"),
        ALL("on, all traced", "on", "1");

        private final String words;
        private final String metrics;
        private final String sampling;

        Side(String words, String metrics, String sampling) {
            this.words = words;
            this.metrics = metrics;
            this.sampling = sampling;
        }
    }

    /**
     * What was measured in one round of one side.
     *
     * @param micros of processor time an event, but for
     * @param compilingMicros what the virtual machine took to compile code, which ends with time
     */
    private record Run(double eventsPerSecond, double micros, double compilingMicros) {}

    @Override
    boolean canBeMeasured() {
        return events >= 1_000 && warmUp >= 1 && ofRequest >= 1 && rate >= 0;
    }

    @Override
    String demands() {
        return "--events must be at least 1000, --rate at least 0, the others at least 1";
    }

    @Override
    int measure(Path directory) throws InterruptedException {
        String run = "cost_" + Long.toString(System.currentTimeMillis(), 36);
        Map<Side, List<Run>> runs = new EnumMap<>(Side.class);
        try (Stack stack = Stack.findOrStart(directory, false, this::say);
                Databases databases = new Databases(stack.addresses())) {
            train(directory, stack, databases, run + "_training");
            List<Side> order = new ArrayList<>(List.of(Side.values()));
            for (int round = 1; round <= rounds(); round++) {
                for (Side side : order) {
                    String name = run + "_" + side.name().toLowerCase(Locale.ROOT) + "_" + round;
                    Run measured = measure(directory, stack, databases, side, name);
                    runs.computeIfAbsent(side, _ -> new ArrayList<>()).add(measured);
                    show("round " + round, side, measured);
                }
                Collections.rotate(order, 1);
            }
        } finally {
            delete(cache(directory));
        }
        return judge(runs);
    }

    private Run measure(Path directory, Stack stack, Databases databases, Side side, String name)
            throws InterruptedException {
        try (Topic topic = new Topic(stack.addresses(), name.replace('_', '-'));
                Service service = start(directory, topic, databases, side, name, MEASURED)) {
            putThrough(service, databases, name, "warm-up", warmUp, warmUp);
            Duration compilingBefore = told(service.compilerTime());
            Duration before = told(service.processorTime());
            long start = System.nanoTime();
            putThrough(service, databases, name, "measured", events, warmUp + events);
            double seconds = (System.nanoTime() - start) / 1e9;
            Duration taken = told(service.processorTime()).minus(before);
            Duration compiling = told(service.compilerTime()).minus(compilingBefore);
            return new Run(events / seconds, ofEvent(taken.minus(compiling)), ofEvent(compiling));
        }
    }

    /** What all of them start with: classes and profiles, as the image in docker/ has them. */
    private void train(Path directory, Stack stack, Databases databases, String name)
            throws InterruptedException {
        say("one is run beforehand, so that the others start with its profiles");
        try (Topic topic = new Topic(stack.addresses(), name.replace('_', '-'));
                Service service = start(directory, topic, databases, Side.SOME, name, TRAINED)) {
            putThrough(service, databases, name, "training", warmUp, warmUp);
        }
    }

    private Service start(
            Path directory,
            Topic topic,
            Databases databases,
            Side side,
            String name,
            String virtualMachine)
            throws InterruptedException {
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.putAll(databases.create(name));
        settings.put("MILLRACE_METRICS", side.metrics);
        settings.put("MILLRACE_TRACING_SAMPLING", side.sampling);
        settings.put("JDK_JAVA_OPTIONS", virtualMachine.formatted(cache(directory)));
        return Service.start(plan("service", directory, settings), line -> {});
    }

    private static Path cache(Path directory) {
        return directory.resolve("bench").resolve("cost.aot");
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            throw new Failure("cannot delete " + file, stays);
        }
    }

    private double ofEvent(Duration taken) {
        return taken.toNanos() / 1e3 / events;
    }

    private static Duration told(Optional<Duration> time) {
        return time.orElseThrow(
                () -> new Failure("this system does not tell the processor time of threads"));
    }

    /** Sends so many, and returns when all that were sent so far have taken effect. */
    private void putThrough(
            Service service, Databases databases, String name, String prefix, int many, long inAll)
            throws InterruptedException {
        Thread scraper = Thread.ofVirtual().start(() -> scrape(service));
        try {
            send(new Fill(service.gate(), prefix, many, accounts(), ofRequest, AnswerFile.none()));
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (databases.applied(name) < inAll) {
                if (!service.isAlive() || System.nanoTime() > deadline) {
                    throw new Failure("not all events took effect:\n" + service.lastLines());
                }
                Thread.sleep(STEP_MILLIS);
            }
        } finally {
            scraper.interrupt();
            scraper.join();
        }
    }

    private void send(Fill fill) throws InterruptedException {
        if (rate > 0) {
            fill.runAt(rate);
        } else {
            fill.run();
        }
    }

    private static void scrape(Service service) {
        try {
            while (true) {
                var _ = service.scrape();
                Thread.sleep(SCRAPE_MILLIS);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private int judge(Map<Side, List<Run>> runs) {
        out.println();
        Run off = median(runs, Side.OFF);
        double cost = 0;
        for (Side side : Side.values()) {
            Run run = median(runs, side);
            show("median", side, run);
            if (side != Side.OFF) {
                double processor = run.micros() / off.micros();
                out.printf(
                        Locale.ROOT,
                        "         against off: %.3f times the events/s, %.3f times the"
                                + " processor time: %+.1f %%%n",
                        run.eventsPerSecond() / off.eventsPerSecond(),
                        processor,
                        100 * (processor - 1));
                cost = side == Side.SOME ? 100 * (processor - 1) : cost;
            }
        }
        if (cost > maxCost) {
            out.printf(Locale.ROOT, "That is more than the %.1f %% allowed.%n", maxCost);
            return 1;
        }
        return 0;
    }

    private static Run median(Map<Side, List<Run>> runs, Side side) {
        return new Run(
                median(runs, side, Run::eventsPerSecond),
                median(runs, side, Run::micros),
                median(runs, side, Run::compilingMicros));
    }

    private static double median(
            Map<Side, List<Run>> runs, Side side, ToDoubleFunction<Run> figure) {
        return median(
                runs.getOrDefault(side, List.of()).stream().mapToDouble(figure).boxed().toList());
    }

    private void show(String when, Side side, Run run) {
        out.printf(
                Locale.ROOT,
                "%-8s %-16s %,10.0f events/s   %6.1f us of processor time an event, and %.1f us to"
                        + " compile code%n",
                when,
                side.words,
                run.eventsPerSecond(),
                run.micros(),
                run.compilingMicros());
        out.flush();
    }
}
