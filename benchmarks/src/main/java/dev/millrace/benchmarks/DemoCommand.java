package dev.millrace.benchmarks;

import dev.millrace.benchmarks.demo.Counts;
import dev.millrace.benchmarks.demo.Latencies;
import dev.millrace.benchmarks.demo.Screen;
import dev.millrace.benchmarks.demo.Summary;
import dev.millrace.benchmarks.demo.Traffic;
import dev.millrace.benchmarks.load.AnswerFile;
import dev.millrace.benchmarks.load.GateClient;
import dev.millrace.benchmarks.load.LedgerTraffic;
import dev.millrace.benchmarks.process.Failure;
import dev.millrace.benchmarks.process.Scrape;
import dev.millrace.benchmarks.report.RunReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Everything, with sample traffic and a live summary. */
@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "Starts a broker, a database and the service, sends sample traffic with deliberate"
                + " duplicates, conflicts, rejections and invalid events, and shows what becomes of"
                + " it.",
            "At the end it checks that every accepted event has exactly one outcome. Ctrl-C ends it"
                    + " in order."
        })
final class DemoCommand implements Callable<Integer> {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int LINE_EVERY_TICKS = 5;
    private static final int ACCOUNTS = 200;
    private static final Duration STEP = Duration.ofMillis(300);
    private static final Duration SILENCE_BOUND = Duration.ofSeconds(30);

    @Mixin private WholeSystem system = new WholeSystem();

    @Option(
            names = "--rate",
            paramLabel = "EVENTS",
            description = "events a second (default: ${DEFAULT-VALUE})")
    private double rate = 300;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = TimeOption.class,
            description = "how long, for example 30s or 5m (default: until Ctrl-C)")
    private Optional<Duration> duration = Optional.empty();

    @Mixin private AnswersOption answers = new AnswersOption();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description =
                    "a folder for plots of the run and a page around them, index.html (default:"
                            + " none)")
    private Optional<Path> folder = Optional.empty();

    private final RunReport report = new RunReport();

    @Override
    public Integer call() throws Exception {
        if (!(rate > 0 && rate <= 100_000)) {
            System.err.println("--rate must be above 0 and at most 100000");
            return 2;
        }
        if (folder.isPresent()) {
            Files.createDirectories(folder.get());
        }
        PrintStream out = System.out;
        return system.use(out, (running, ending) -> show(running, ending, out));
    }

    private int show(WholeSystem.Running running, Ending ending, PrintStream out)
            throws InterruptedException {
        settle(running, Counts.ZERO, 0);
        Scrape before = scrape(running);
        LedgerTraffic events =
                new LedgerTraffic(
                        "demo-" + Long.toString(System.currentTimeMillis(), 36), ACCOUNTS, 1);
        long start = System.nanoTime();
        Counts total;
        Traffic traffic;
        try (AnswerFile kept = answers.open();
                GateClient gate = new GateClient(running.service().gate(), kept)) {
            traffic = Traffic.start(events, gate, rate);
            try (traffic) {
                Optional<String> failure = watch(running, ending, out, traffic, before, start);
                if (failure.isPresent()) {
                    WholeSystem.say(out, failure.get());
                    return 1;
                }
                out.println();
                WholeSystem.say(
                        out,
                        "the traffic ends; waiting until every accepted event has its outcome");
            }
            total = settle(running, Counts.of(before), traffic.accepted());
        }
        boolean complete = judge(out, traffic, total);
        folder.ifPresent(into -> report(out, into, verdict(complete, traffic, total), total));
        return complete ? 0 : 1;
    }

    private void report(PrintStream out, Path into, String verdict, Counts total) {
        String setting =
                String.format(
                        Locale.ROOT,
                        "./millrace demo --rate %s%s, on %s",
                        Double.toString(rate).replaceFirst("\\.0$", ""),
                        duration.map(time -> " --duration " + time.toSeconds() + "s").orElse(""),
                        LocalDate.now(ZoneId.systemDefault()));
        try {
            report.write(into, setting, verdict, total);
            WholeSystem.say(out, "the report is " + into.resolve("index.html").toAbsolutePath());
        } catch (IOException failure) {
            WholeSystem.say(out, "the report could not be written: " + failure);
        }
    }

    private static String verdict(boolean complete, Traffic traffic, Counts total) {
        return complete
                ? "Every accepted event has exactly one outcome."
                : "THIS IS A BUG: "
                        + traffic.accepted()
                        + " were accepted, and "
                        + total.outcomes()
                        + " have an outcome.";
    }

    /** Shows the summary until it is time to end; answers what failed, if anything did. */
    private Optional<String> watch(
            WholeSystem.Running running,
            Ending ending,
            PrintStream out,
            Traffic traffic,
            Scrape before,
            long start)
            throws InterruptedException {
        List<String> addresses = running.addresses("account-1");
        boolean terminal = Screen.isTerminal();
        Screen screen = new Screen(out);
        if (!terminal) {
            addresses.forEach(line -> out.println("  " + line));
        }
        Deque<Scrape> window = new ArrayDeque<>(List.of(before));
        Counts last = Counts.of(before);
        long lastAt = start;
        for (int tick = 1; !isOver(tick) && !ending.await(TICK); tick++) {
            Optional<String> failure = running.failure();
            if (failure.isPresent()) {
                return failure;
            }
            long now = System.nanoTime();
            Scrape scrape = scrape(running);
            Counts counts = Counts.of(scrape);
            window.addLast(scrape);
            if (window.size() > Traffic.WINDOW + 1) {
                window.removeFirst();
            }
            Summary summary =
                    new Summary(
                            Duration.ofNanos(now - start),
                            counts.since(last).perSecond((now - lastAt) / 1e9),
                            counts.since(Counts.of(before)),
                            traffic.unknown() + traffic.refused(),
                            traffic.receiptLatencies(),
                            traffic.effectLatencies(),
                            lag(window));
            if (folder.isPresent()) {
                report.add(summary);
            }
            last = counts;
            lastAt = now;
            if (terminal) {
                screen.draw(page(summary, addresses));
            } else if (tick % LINE_EVERY_TICKS == 0) {
                out.println(summary.line());
                out.flush();
            }
        }
        return Optional.empty();
    }

    private boolean isOver(int tick) {
        return duration.isPresent() && tick > duration.get().toSeconds();
    }

    private static List<String> page(Summary summary, List<String> addresses) {
        List<String> page = new ArrayList<>();
        page.add("");
        page.addAll(summary.table());
        page.add("");
        page.addAll(addresses);
        page.add("");
        page.add(
                "Ctrl-C ends the traffic, checks that nothing is missing, and stops everything in"
                        + " order.");
        return page;
    }

    private static Latencies lag(Deque<Scrape> window) {
        String name = "millrace_processing_lag_seconds";
        Scrape.Histogram recent =
                window.getLast().histogram(name).since(window.getFirst().histogram(name));
        double count =
                window.getLast().sum(name + "_count", "")
                        - window.getFirst().sum(name + "_count", "");
        return new Latencies(
                (long) count,
                1e3 * recent.quantile(0.50),
                1e3 * recent.quantile(0.95),
                1e3 * recent.quantile(0.99));
    }

    /**
     * Its figures as they are now. A busy machine may let it miss a deadline or two, which is no
     * reason to end.
     */
    private static Scrape scrape(WholeSystem.Running running) throws InterruptedException {
        long deadline = System.nanoTime() + SILENCE_BOUND.toNanos();
        Optional<Scrape> scrape = running.service().scrape();
        while (scrape.isEmpty()
                && running.failure().isEmpty()
                && System.nanoTime() - deadline < 0) {
            Thread.sleep(STEP);
            scrape = running.service().scrape();
        }
        return scrape.orElseThrow(() ->
                new Failure(
                        running.failure()
                                .orElse(
                                        "the service does not answer at "
                                                + running.service().management())));
    }

    /**
     * Waits until so many outcomes have come since then and no more come, or none has come for a
     * while; answers what has.
     */
    private static Counts settle(WholeSystem.Running running, Counts before, long expected)
            throws InterruptedException {
        Counts counts = Counts.of(scrape(running)).since(before);
        long movedAt = System.nanoTime();
        boolean settled = false;
        while (!settled && System.nanoTime() - movedAt < SILENCE_BOUND.toNanos()) {
            Thread.sleep(STEP);
            Counts next = Counts.of(scrape(running)).since(before);
            boolean moved = next.outcomes() != counts.outcomes();
            settled =
                    !moved && next.outcomes() >= expected && (expected > 0 || next.backlog() == 0);
            if (moved) {
                movedAt = System.nanoTime();
            }
            counts = next;
        }
        return counts;
    }

    private static boolean judge(PrintStream out, Traffic traffic, Counts total) {
        out.println();
        out.printf(
                Locale.ROOT,
                "accepted %,d = applied %,d + rejected %,d + duplicate %,d + conflict %,d%s%n",
                traffic.accepted(),
                total.applied(),
                total.rejected(),
                total.duplicate(),
                total.conflict(),
                total.quarantined() == 0 ? "" : " + quarantined " + total.quarantined());
        out.printf(
                Locale.ROOT,
                "invalid  %,d, answered 400; nothing of them was stored%n",
                traffic.invalid());
        if (traffic.unknown() + traffic.refused() > 0) {
            out.printf(
                    Locale.ROOT,
                    "failed   %,d surely not stored, %,d unknown%n",
                    traffic.refused(),
                    traffic.unknown());
        }
        long surplus = total.outcomes() - traffic.accepted();
        boolean complete = surplus >= 0 && surplus <= traffic.unknown();
        out.println(verdict(complete, traffic, total));
        out.println();
        return complete;
    }
}
