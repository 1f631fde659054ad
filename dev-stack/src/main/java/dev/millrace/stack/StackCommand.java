package dev.millrace.stack;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * The command line of the stack: {@code start}, {@code status} and {@code stop}. Exit status 0 is
 * success, 1 a failure, 2 wrong usage, 3 (of {@code status}) that no stack is running.
 */
public final class StackCommand {
    private static final int SUCCESS = 0;
    private static final int FAILURE = 1;
    private static final int USAGE = 2;
    private static final int NOT_RUNNING = 3;

    private static final Duration DETACH_BOUND = Duration.ofMinutes(4);
    private static final Duration STOP_BOUND = Duration.ofSeconds(40);
    private static final Duration WATCH_STEP = Duration.ofMillis(500);

    private static final String HELP =
            """
            Runs a real Pulsar broker and a real PostgreSQL on this machine, without containers.

            usage: stack start [options]   start both and stay until Ctrl-C
                   stack status [options]  say where they are and how they do; status 3 if nowhere
                   stack stop [options]    stop them in order

              --directory DIR          where data, logs and addresses are
                                       (default $MILLRACE_STACK_DIRECTORY, else .millrace)
              --help                   this text

            options of start:
              --fresh                  throw away the data of earlier starts
              --detach                 return when both are ready, and leave them running
              --pulsar-port N          the broker's own protocol   (default 0: a free port)
              --pulsar-admin-port N    the broker's administration (default 0: a free port)
              --postgres-port N        the database                (default 0: a free port)
              --until-stdin-closes     stop when standard input ends
              --with-parent            stop when the process that started this one has ended

            The addresses are in DIR/endpoints.properties while the stack runs.
            Exit status: 0 success, 1 failure, 2 wrong usage, 3 (status) not running.
            """;

    /** What the command line asks for. */
    private record Request(
            String action,
            Path directory,
            StackOptions options,
            boolean detach,
            boolean untilInputCloses,
            boolean withParent) {}

    private static final class UsageError extends Exception {
        private static final long serialVersionUID = 1L;

        UsageError(String message) {
            super(message);
        }
    }

    private final PrintStream out;
    private final PrintStream err;

    private StackCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        // A stack that has started goes on until the exit, which the hook of the stack accompanies.
        System.exit(new StackCommand(System.out, System.err).run(arguments));
    }

    private int run(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            out.print(HELP);
            return SUCCESS;
        }
        try {
            Request request = parse(arguments);
            return switch (request.action()) {
                case "start" -> request.detach() ? detach(request, arguments) : start(request);
                case "status" -> status(new StackDirectory(request.directory()));
                case "stop" -> stop(new StackDirectory(request.directory()));
                default -> throw new UsageError("unknown command " + request.action());
            };
        } catch (UsageError e) {
            err.println("stack: " + e.getMessage() + "; see --help");
            return USAGE;
        } catch (StackFailure e) {
            err.println("stack: " + e.getMessage());
            return FAILURE;
        }
    }

    private Request parse(String[] arguments) throws UsageError {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        if (rest.isEmpty() || rest.peek().startsWith("-")) {
            throw new UsageError("say start, status or stop");
        }
        String action = rest.remove();
        Path directory =
                Path.of(System.getenv().getOrDefault("MILLRACE_STACK_DIRECTORY", ".millrace"));
        int pulsarPort = 0;
        int adminPort = 0;
        int postgresPort = 0;
        boolean fresh = false;
        boolean detach = false;
        boolean untilInputCloses = false;
        boolean withParent = false;
        while (!rest.isEmpty()) {
            String option = rest.remove();
            if (!option.equals("--directory") && !action.equals("start")) {
                throw new UsageError(action + " takes no " + option);
            }
            switch (option) {
                case "--directory" -> directory = Path.of(value(option, rest));
                case "--pulsar-port" -> pulsarPort = port(option, rest);
                case "--pulsar-admin-port" -> adminPort = port(option, rest);
                case "--postgres-port" -> postgresPort = port(option, rest);
                case "--fresh" -> fresh = true;
                case "--detach" -> detach = true;
                case "--until-stdin-closes" -> untilInputCloses = true;
                case "--with-parent" -> withParent = true;
                default -> throw new UsageError("unknown option " + option);
            }
        }
        StackOptions options =
                new StackOptions(pulsarPort, adminPort, postgresPort, Map.of(), fresh, this::say);
        return new Request(action, directory, options, detach, untilInputCloses, withParent);
    }

    private static String value(String option, Deque<String> rest) throws UsageError {
        if (rest.isEmpty() || rest.peek().isEmpty()) {
            throw new UsageError(option + " needs a value");
        }
        return rest.remove();
    }

    private static int port(String option, Deque<String> rest) throws UsageError {
        String text = value(option, rest);
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new UsageError(option + " must be 0 to 65535, not " + text);
        }
        return Integer.parseInt(text);
    }

    private void say(String line) {
        out.println("stack: " + line);
    }

    private int start(Request request) {
        BooleanSupplier ended = endOf(request);
        try (EmbeddedStack stack = EmbeddedStack.start(request.directory(), request.options())) {
            sayAddresses(stack.endpoints());
            say("Ctrl-C stops it");
            watch(stack, ended);
        }
        return SUCCESS;
    }

    /** Whether it is time to stop; what it looks at is looked up now, before the long start. */
    private static BooleanSupplier endOf(Request request) {
        CountDownLatch inputEnded = new CountDownLatch(1);
        if (request.untilInputCloses()) {
            Thread.ofPlatform().daemon().start(() -> awaitEndOfInput(inputEnded));
        }
        Optional<ProcessId> parent =
                ProcessHandle.current()
                        .parent()
                        .filter(handle -> request.withParent())
                        .map(ProcessId::of);
        return () ->
                inputEnded.getCount() == 0
                        || parent.filter(process -> process.alive().isEmpty()).isPresent();
    }

    private static void awaitEndOfInput(CountDownLatch ended) {
        try {
            while (System.in.read() >= 0) {
                // Only the end counts.
            }
        } catch (IOException e) {
            // An input that cannot be read has ended, too.
        }
        ended.countDown();
    }

    /** Says once when a part has died; the other goes on, and so does the stack. */
    private void watch(EmbeddedStack stack, BooleanSupplier ended) {
        boolean brokerWasAlive = true;
        boolean postgresWasAlive = true;
        while (!Waiting.until(WATCH_STEP, ended)) {
            boolean brokerAlive = stack.isBrokerAlive();
            boolean postgresAlive = stack.isPostgresAlive();
            if (stack.isClosed()) {
                return;
            }
            if (brokerWasAlive && !brokerAlive) {
                say("Pulsar has died; its data is kept, stop and start the stack to go on");
            }
            if (postgresWasAlive && !postgresAlive) {
                say("PostgreSQL has died; its data is kept, stop and start the stack to go on");
            }
            brokerWasAlive = brokerAlive;
            postgresWasAlive = postgresAlive;
        }
    }

    private void sayAddresses(Endpoints endpoints) {
        say("Pulsar      " + endpoints.pulsarServiceUrl());
        say("  admin     " + endpoints.pulsarAdminUrl());
        say("PostgreSQL  " + endpoints.postgresUrl() + " user " + endpoints.postgresUser());
    }

    /** Starts a process of its own session that does the rest, and follows it until it is ready. */
    private int detach(Request request, String[] arguments) {
        StackDirectory directory = new StackDirectory(request.directory());
        Path log = directory.log("supervisor.log");
        Optional<StackDirectory.Holder> present = directory.holder();
        if (present.isPresent()) {
            // It says better than we could what is there, and what to do.
            return start(request);
        }
        StackFiles.createDirectory(directory.root().resolve("logs"));
        StackFiles.write(log, "");
        Process supervisor = launch(request, arguments, log);
        int printed = 0;
        long deadline = System.nanoTime() + DETACH_BOUND.toNanos();
        while (System.nanoTime() < deadline) {
            boolean alive = supervisor.isAlive();
            boolean ready =
                    directory
                            .holder()
                            .filter(holder -> holder.process().pid() == supervisor.pid())
                            .filter(holder -> holder.state() == StackDirectory.State.RUNNING)
                            .isPresent();
            printed = follow(log, printed);
            if (ready && StackFiles.read(log).contains("Ctrl-C")) {
                follow(log, printed);
                say("runs in the background (process " + supervisor.pid() + ")");
                return SUCCESS;
            }
            if (!alive) {
                follow(log, printed);
                return FAILURE;
            }
            Waiting.until(Duration.ofMillis(100), () -> false);
        }
        supervisor.destroy();
        throw new StackFailure(
                "the stack did not get ready within "
                        + DETACH_BOUND.toSeconds()
                        + " s; see "
                        + log);
    }

    private Process launch(Request request, String[] arguments, Path log) {
        List<String> command = new ArrayList<>();
        if (Child.isOnPath("setsid")) {
            command.add("setsid");
        }
        command.addAll(
                List.of(
                        StackRuntime.java(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1"));
        String runtime = System.getProperty(StackRuntime.PROPERTY);
        if (runtime != null) {
            command.add("-D" + StackRuntime.PROPERTY + "=" + runtime);
        }
        command.addAll(
                List.of(
                        "-cp",
                        StackRuntime.codeLocation().toString(),
                        StackCommand.class.getName()));
        for (String argument : arguments) {
            if (!argument.equals("--detach")) {
                command.add(argument);
            }
        }
        try {
            return new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new StackFailure("cannot start the stack in " + request.directory(), e);
        }
    }

    /** Prints what the log has got since it was this long; returns how long it is now. */
    private int follow(Path log, int printed) {
        String text = StackFiles.read(log);
        int end = text.lastIndexOf('\n') + 1;
        if (end > printed) {
            text.substring(printed, end)
                    .lines()
                    .filter(line -> !line.contains("Ctrl-C"))
                    .forEach(out::println);
        }
        return Math.max(end, printed);
    }

    private int status(StackDirectory directory) {
        Optional<StackDirectory.Holder> holder = directory.holder();
        if (holder.isEmpty()) {
            say("not running in " + directory.root());
            return NOT_RUNNING;
        }
        say(
                holder.get().state().name().toLowerCase(Locale.ROOT)
                        + " in "
                        + directory.root()
                        + " (process "
                        + holder.get().process().pid()
                        + ")");
        say("Pulsar      " + condition(directory.brokerPidFile()));
        say("PostgreSQL  " + condition(directory.postgresPidFile()));
        directory.endpoints().ifPresent(this::sayAddresses);
        if (Files.exists(directory.endpointsFile())) {
            say("password in " + directory.endpointsFile());
        }
        return SUCCESS;
    }

    private static String condition(Path pidFile) {
        return ProcessId.read(pidFile)
                .map(process ->
                        (process.alive().isPresent() ? "up" : "down")
                                + " (process "
                                + process.pid()
                                + ")")
                .orElse("not started");
    }

    private int stop(StackDirectory directory) {
        Optional<StackDirectory.Holder> holder = directory.holder();
        if (holder.isEmpty()) {
            say("not running in " + directory.root());
            return SUCCESS;
        }
        ProcessId process = holder.get().process();
        say("stopping the stack in " + directory.root() + " (process " + process.pid() + ")");
        process.alive().ifPresent(ProcessHandle::destroy);
        if (!process.awaitDeath(STOP_BOUND)) {
            process.alive().ifPresent(ProcessHandle::destroyForcibly);
            throw new StackFailure(
                    "it did not stop within "
                            + STOP_BOUND.toSeconds()
                            + " s and was killed; its parts stop by themselves within seconds");
        }
        say("stopped; the data is kept");
        return SUCCESS;
    }
}
