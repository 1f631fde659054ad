package dev.millrace.benchmarks;

import dev.millrace.benchmarks.process.Addresses;
import dev.millrace.benchmarks.process.Failure;
import dev.millrace.benchmarks.process.Service;
import dev.millrace.benchmarks.process.Stack;

import picocli.CommandLine.Option;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The options of everything together, and how to run it. */
final class WholeSystem {

    @Option(
            names = "--gate-port",
            paramLabel = "PORT",
            description = "the public port, 0 for a free one (default: ${DEFAULT-VALUE})")
    private int gatePort = 8080;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description =
                    "the port of health and metrics, 0 for a free one (default: ${DEFAULT-VALUE})")
    private int managementPort = 8081;

    @Option(names = "--fresh", description = "throws away the data of earlier starts")
    private boolean fresh;

    /** What runs. */
    record Running(Stack stack, Service service) {

        /** Why it does not run any more; empty while it does. */
        Optional<String> failure() {
            if (!service.isAlive()) {
                return Optional.of(
                        "the service has died. The last it said ("
                                + service.log()
                                + "):\n"
                                + service.lastLines());
            }
            return stack.isAlive()
                    ? Optional.empty()
                    : Optional.of("the broker and the database have stopped");
        }

        /** Where everything is, and what to try. */
        List<String> addresses(String account) {
            Addresses all = stack.addresses();
            return List.of(
                    "gate         " + service.gate() + "  (POST /v1/streams/ledger-entries/events)",
                    "management   " + service.management() + "  (/health/ready, /metrics, /info)",
                    "Pulsar       "
                            + all.get("pulsar.service-url")
                            + ", administration "
                            + all.get("pulsar.admin-url"),
                    "PostgreSQL   "
                            + all.get("postgres.url")
                            + ", user "
                            + all.get("postgres.user"),
                    "             (password in "
                            + all.directory().resolve("endpoints.properties")
                            + ")",
                    "log          " + service.log(),
                    "try          curl -s " + service.gate() + "/v1/accounts/" + account);
        }
    }

    /**
     * What to do while everything runs, until it is done or the process should end; answers the
     * exit status.
     */
    interface Use {
        int with(Running running, Ending ending) throws InterruptedException;
    }

    /** The folder of data, logs and addresses. */
    static Path directory() {
        return Path.of(System.getenv().getOrDefault("MILLRACE_STACK_DIRECTORY", ".millrace"))
                .toAbsolutePath()
                .normalize();
    }

    /** Starts everything, uses it, and stops it in order, however that ends. */
    int use(PrintStream out, Use use) throws Exception {
        try {
            plan().requireFreePorts();
        } catch (Failure taken) {
            say(out, taken.getMessage());
            return 1;
        }
        Ending ending = new Ending();
        int status = 1;
        try {
            status = use(line -> say(out, line), ending, use);
            say(out, "everything is stopped; data and logs are kept in " + directory());
        } catch (InterruptedException interrupted) {
            say(out, "stopped before everything was up");
        } finally {
            out.flush();
            status = ending.done(status);
        }
        return status;
    }

    private int use(Consumer<String> messages, Ending ending, Use use) throws Exception {
        try (Stack stack =
                ending.interruptibly(() -> Stack.findOrStart(directory(), fresh, messages))) {
            return use(stack, messages, ending, use);
        } catch (Failure failure) {
            messages.accept(failure.getMessage());
            return 1;
        }
    }

    /** What fails is told before the stack is stopped. */
    private int use(Stack stack, Consumer<String> messages, Ending ending, Use use)
            throws Exception {
        messages.accept("starting the service");
        long start = System.nanoTime();
        try (Service service = ending.interruptibly(() -> Service.start(plan(), messages))) {
            messages.accept(
                    "the service is ready after %.1f s"
                            .formatted((System.nanoTime() - start) / 1e9));
            return use.with(new Running(stack, service), ending);
        } catch (Failure failure) {
            messages.accept(failure.getMessage());
            return 1;
        }
    }

    private Service.Plan plan() {
        return new Service.Plan(
                "the service",
                directory(),
                directory().resolve("logs").resolve("service.log"),
                gatePort,
                managementPort,
                Map.of());
    }

    static void say(PrintStream out, String line) {
        out.println("millrace: " + line);
    }
}
