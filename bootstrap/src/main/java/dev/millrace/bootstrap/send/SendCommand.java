package dev.millrace.bootstrap.send;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;

import dev.millrace.domain.Backoff;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.StreamName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Sends the events of a file to the gate. Exit status: 0 all accepted, 1 not all, 2 nothing could
 * be tried.
 */
@Command(
        name = "send",
        sortOptions = false,
        description = "Sends events from NDJSON, or from CSV with a header, to the gate.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every event was accepted",
            "1:some were refused or not accepted",
            "2:the options or the file are wrong; nothing was sent"
        },
        footer = {
            "",
            "The order of each key is kept. What was not accepted is tried again under the same"
                + " message ID; lines without one get one before their first try. So an event takes"
                + " effect once, and sending a file with message IDs again does no harm.",
            "",
            "Example, a table of bank transactions:",
            "  millrace send bank.csv --set currency=CZK \\",
            "    --map messageId=transaction_id --map accountId=account_id \\",
            "    --map occurredAt=date --map type=type \\",
            "    --map amountMinor=amount_minor --map description=operation"
        })
public final class SendCommand implements Callable<Integer> {

    private static final URI DEFAULT_GATE = URI.create("http://127.0.0.1:8080");
    private static final int MAX_BATCH = 10_000;
    private static final int MAX_CONCURRENCY = 256;
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(3));
    private static final NoArgGenerator UUIDS = Generators.timeBasedEpochGenerator();

    private final List<EventFields> streams;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream errors;

    @Parameters(paramLabel = "FILE", description = "the file, or - for standard input")
    private String file = "-";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "the gate (default: that of the running service, else http://127.0.0.1:8080)")
    private Optional<URI> url = Optional.empty();

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "the stream (default: ${DEFAULT-VALUE})")
    private String stream = "ledger-entries";

    @Option(
            names = "--format",
            description =
                    "csv or ndjson (default: csv when the file's name ends in .csv, or with --map)")
    private Optional<Format> format = Optional.empty();

    @Option(
            names = "--map",
            paramLabel = "field=column",
            description =
                    "the CSV column that a field comes from; columns that are not named are left"
                            + " out")
    private Map<String, String> map = new TreeMap<>();

    @Option(
            names = "--set",
            paramLabel = "field=value",
            description = "a field that every event of a CSV file gets")
    private Map<String, String> set = new TreeMap<>();

    @Option(
            names = "--key",
            paramLabel = "field",
            description = "the field whose order is kept (default: accountId for ledger-entries)")
    private Optional<String> key = Optional.empty();

    @Option(
            names = "--rate",
            paramLabel = "EVENTS",
            description = "the most events a second (default: no limit)")
    private double rate;

    @Option(
            names = "--batch",
            paramLabel = "EVENTS",
            description = "events in a request (default: ${DEFAULT-VALUE})")
    private int batch = 500;

    @Option(
            names = "--concurrency",
            paramLabel = "REQUESTS",
            description = "requests under way at once (default: ${DEFAULT-VALUE})")
    private int concurrency = 8;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description =
                    "how long an event is tried before sending ends (default: ${DEFAULT-VALUE})")
    private int timeout = 60;

    /**
     * @param streams what is known about the fields of which stream
     * @param environment names the folder in which the running service has left its address
     */
    public SendCommand(List<EventFields> streams, Map<String, String> environment) {
        this(streams, environment, System.out, System.err);
    }

    SendCommand(
            List<EventFields> streams,
            Map<String, String> environment,
            PrintStream out,
            PrintStream errors) {
        this.streams = List.copyOf(streams);
        this.environment = Map.copyOf(environment);
        this.out = out;
        this.errors = errors;
    }

    enum Format {
        csv,
        ndjson
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            check();
            return send();
        } catch (Mistake mistake) {
            errors.println(mistake.getMessage());
            errors.println("Nothing was sent. millrace send --help tells the options.");
            return 2;
        } catch (IOException unreadable) {
            errors.println("the file cannot be read on: " + unreadable.getMessage());
            return 1;
        }
    }

    private void check() {
        requireRange("--batch", batch, 1, MAX_BATCH);
        requireRange("--concurrency", concurrency, 1, MAX_CONCURRENCY);
        requireRange("--timeout", timeout, 1, Integer.MAX_VALUE);
        if (rate < 0 || !Double.isFinite(rate)) {
            throw new Mistake("--rate must be a positive number of events a second");
        }
        try {
            var _ = new StreamName(stream);
        } catch (InvalidValue invalid) {
            throw new Mistake("--stream " + invalid.rule(), invalid);
        }
        if (format() == Format.ndjson && !(map.isEmpty() && set.isEmpty())) {
            throw new Mistake(
                    "--map and --set are for CSV; this is read as NDJSON (--format csv changes"
                            + " that)");
        }
    }

    private static void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new Mistake(option + " must be " + least + " to " + most + ", not " + value);
        }
    }

    private int send() throws IOException, InterruptedException {
        URI target = target();
        try (InputStream input = open();
                Progress progress =
                        Progress.start(
                                errors, file.equals("-") ? "standard input" : name(), size())) {
            Tally tally = new Tally(progress::say);
            long start = System.nanoTime();
            try (EventFile events = events(progress.watch(input));
                    Gate gate = new Gate(target, stream)) {
                sendUntilInterrupted(
                        new Sender(gate, settings(), tally), events, tally, progress, start);
            }
            return tally.isComplete() ? 0 : 1;
        }
    }

    /** Ctrl-C ends sending after the requests under way, and the counts are still printed. */
    private void sendUntilInterrupted(
            Sender sender, EventFile events, Tally tally, Progress progress, long start)
            throws IOException, InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Thread interruption =
                new Thread(() -> {
                    tally.abandon("interrupted");
                    sender.stop();
                    try {
                        done.await();
                    } catch (InterruptedException impatient) {
                        Thread.currentThread().interrupt();
                    }
                });
        Runtime.getRuntime().addShutdownHook(interruption);
        try {
            sender.send(events);
        } finally {
            progress.close();
            tally.whyAbandoned().ifPresent(why -> errors.println("stopped before the end: " + why));
            out.println(tally.summary((System.nanoTime() - start) / 1e9));
            out.flush();
            done.countDown();
            forget(interruption);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // The process is on its way out, and the hook has nothing left to wait for.
        }
    }

    private SendSettings settings() {
        return new SendSettings(batch, concurrency, rate, Duration.ofSeconds(timeout), BACKOFF);
    }

    private EventFile events(InputStream input) {
        EventFields known =
                streams.stream()
                        .filter(candidate -> candidate.stream().equals(stream))
                        .findFirst()
                        .orElseGet(() -> EventFields.unknown(stream, "accountId"));
        EventFields fields = new EventFields(stream, key.orElse(known.key()), known.types());
        Supplier<String> messageIds = () -> UUIDS.generate().toString();
        return switch (format()) {
            case csv -> new CsvFile(input, fields, new ColumnMapping(map, set), messageIds);
            case ndjson -> new NdjsonFile(input, fields, messageIds);
        };
    }

    private Format format() {
        boolean table = file.toLowerCase(Locale.ROOT).endsWith(".csv") || !map.isEmpty();
        return format.orElse(table ? Format.csv : Format.ndjson);
    }

    private InputStream open() throws IOException {
        if (file.equals("-")) {
            return System.in;
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new Mistake("there is no file " + path.toAbsolutePath() + " that can be read");
        }
        return Files.newInputStream(path);
    }

    private String name() {
        return String.valueOf(Path.of(file).getFileName());
    }

    private long size() throws IOException {
        return file.equals("-") ? -1 : Files.size(Path.of(file));
    }

    private URI target() throws IOException {
        URI target = url.orElse(runningGate());
        if (target.getHost() == null
                || !("http".equals(target.getScheme()) || "https".equals(target.getScheme()))) {
            throw new Mistake("--url must be like http://127.0.0.1:8080, not " + target);
        }
        return target;
    }

    /** Where the service of this folder said that it listens. */
    private URI runningGate() throws IOException {
        Path addresses =
                Path.of(
                        environment.getOrDefault("MILLRACE_STACK_DIRECTORY", ".millrace"),
                        "endpoints.properties");
        if (!Files.isReadable(addresses)) {
            return DEFAULT_GATE;
        }
        Properties properties = new Properties();
        try (InputStream input = Files.newInputStream(addresses)) {
            properties.load(input);
        }
        return URI.create(properties.getProperty("gate.url", DEFAULT_GATE.toString()));
    }
}
