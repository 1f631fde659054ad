package dev.millrace.benchmarks.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One process of the service, as its users meet it. */
public final class Service implements AutoCloseable {

    private static final Duration START_BOUND = Duration.ofMinutes(2);
    private static final Duration STOP_BOUND = Duration.ofSeconds(45);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final int LINES_SHOWN = 15;

    /** As the virtual machine names them. */
    private static final Pattern COMPILER = Pattern.compile("C[12] CompilerThre");

    private final String name;
    private final Child child;
    private final Path log;
    private final Addresses addresses;
    private final Consumer<String> messages;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private Service(
            String name, Child child, Path log, Addresses addresses, Consumer<String> messages) {
        this.name = name;
        this.child = child;
        this.log = log;
        this.addresses = addresses;
        this.messages = messages;
    }

    /**
     * How to start one.
     *
     * @param name what to call it, to a person
     * @param directory where it finds the stack's addresses and leaves its own
     * @param log the file that takes what it says
     * @param gatePort 0 for a free one
     * @param managementPort 0 for a free one
     * @param settings its configuration beyond that, by environment variable
     */
    public record Plan(
            String name,
            Path directory,
            Path log,
            int gatePort,
            int managementPort,
            Map<String, String> settings) {
        public Plan {
            settings = Map.copyOf(settings);
        }

        /**
         * Looks before anything is started.
         *
         * @throws Failure when a port is taken
         */
        public void requireFreePorts() {
            requireFree(gatePort, "--gate-port");
            requireFree(managementPort, "--management-port");
        }
    }

    /**
     * Starts it and waits until it says that it is ready.
     *
     * @throws Failure when a port is taken, or it ends, or it does not get ready in time; then it
     *     does not run
     */
    public static Service start(Plan plan, Consumer<String> messages) throws InterruptedException {
        plan.requireFreePorts();
        Addresses addresses = new Addresses(plan.directory());
        addresses.forget("gate.url", "management.url");
        Map<String, String> environment = new HashMap<>(plan.settings());
        // No balancer stands before it, and whoever ends it waits.
        environment.putIfAbsent("MILLRACE_GATE_DRAIN", "0s");
        environment.put("MILLRACE_STACK_DIRECTORY", plan.directory().toString());
        environment.put("MILLRACE_GATE_PORT", Integer.toString(plan.gatePort()));
        environment.put("MILLRACE_MANAGEMENT_PORT", Integer.toString(plan.managementPort()));
        Child child = Child.writingTo(plan.log(), command(), environment);
        Service service = new Service(plan.name(), child, plan.log(), addresses, messages);
        try {
            service.awaitReadiness();
        } catch (InterruptedException | RuntimeException failure) {
            var _ = child.stop(STOP_BOUND);
            throw failure;
        }
        return service;
    }

    private static List<String> command() {
        String jars = System.getProperty("millrace.service", "");
        if (jars.isEmpty()) {
            throw new Failure(
                    "-Dmillrace.service must name the folder of the service's jars; ./millrace does"
                            + " that");
        }
        return List.of(
                "-Xmx1g",
                "-cp",
                jars + "/*",
                "dev.millrace.bootstrap.Main",
                "serve",
                "--stop-at-end-of-input");
    }

    private static void requireFree(int port, String option) {
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            probe.getLocalPort();
        } catch (IOException taken) {
            throw new Failure(
                    "port "
                            + port
                            + " is taken by another process. Choose another one with "
                            + option
                            + ", or 0 for a free one.",
                    taken);
        }
    }

    private void awaitReadiness() throws InterruptedException {
        long deadline = System.nanoTime() + START_BOUND.toNanos();
        while (!isReady()) {
            if (!child.isAlive()) {
                throw new Failure(
                        name
                                + " ended while it started. The last it said ("
                                + log
                                + "):\n"
                                + lastLines());
            }
            if (System.nanoTime() > deadline) {
                throw new Failure(
                        name
                                + " is not ready after "
                                + START_BOUND.toSeconds()
                                + " s: "
                                + readiness()
                                + "\nIts log is "
                                + log);
            }
            Thread.sleep(STEP);
        }
    }

    /** Whether it says that it is ready. */
    public boolean isReady() throws InterruptedException {
        Optional<URI> management = addresses.find("management.url").map(URI::create);
        return management.isPresent()
                && answer(management.get().resolve("/health/ready")).status() == 200;
    }

    private String readiness() throws InterruptedException {
        return addresses
                .find("management.url")
                .map(url -> URI.create(url).resolve("/health/ready"))
                .map(this::answerOrNothing)
                .orElse("it has no address yet");
    }

    private String answerOrNothing(URI address) {
        try {
            return answer(address).body();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private record Reply(int status, String body) {}

    private Reply answer(URI address) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build(),
                            HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (IOException notYet) {
            return new Reply(0, "");
        }
    }

    /** Its counters and histograms as they are now; empty when it does not answer. */
    public Optional<Scrape> scrape() throws InterruptedException {
        Reply reply = answer(management().resolve("/metrics"));
        return reply.status() == 200 ? Optional.of(Scrape.parse(reply.body())) : Optional.empty();
    }

    /** The public address. */
    public URI gate() {
        return URI.create(addresses.get("gate.url"));
    }

    /** The address of health and metrics. */
    public URI management() {
        return URI.create(addresses.get("management.url"));
    }

    /** The file with what it says. */
    public Path log() {
        return log;
    }

    public long pid() {
        return child.pid();
    }

    /** The processor time that it has taken so far; empty where the system does not tell. */
    public Optional<Duration> processorTime() {
        return ProcessHandle.of(pid()).flatMap(process -> process.info().totalCpuDuration());
    }

    /**
     * What those of its threads that compile its code have taken of that; empty where the system
     * does not tell. A thread that has ended does not count.
     */
    public Optional<Duration> compilerTime() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            long nanos = 0;
            for (Path thread : threads.toList()) {
                if (COMPILER.matcher(Files.readString(thread.resolve("comm"))).lookingAt()) {
                    String onProcessor = Files.readString(thread.resolve("schedstat"));
                    nanos += Long.parseLong(onProcessor, 0, onProcessor.indexOf(' '), 10);
                }
            }
            return Optional.of(Duration.ofNanos(nanos));
        } catch (IOException notTold) {
            return Optional.empty();
        }
    }

    public boolean isAlive() {
        return child.isAlive();
    }

    /** The end of its log, for a person who wants to know why it died. */
    public String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException unreadable) {
            return "(the log cannot be read: " + unreadable.getMessage() + ")";
        }
    }

    /** Lets it finish what is under way, and waits for its end. */
    @Override
    public void close() {
        http.shutdownNow();
        if (child.isAlive()) {
            messages.accept(
                    "stopping " + name + ": it takes no more in and finishes what is under way");
        }
        if (!child.stop(STOP_BOUND)) {
            messages.accept(name + " did not stop in time and was killed; its log is " + log);
        }
    }
}
