package dev.millrace.benchmarks.process;

import dev.millrace.stack.StackCommand;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The embedded broker and database: those that run in the folder already, or of our own. Closing
 * stops what we started and leaves the others alone.
 */
public final class Stack implements AutoCloseable {

    private static final Duration STOP_BOUND = Duration.ofSeconds(40);
    private static final String READY = "Ctrl-C";

    private final Addresses addresses;
    private final Optional<Child> own;
    private final Consumer<String> messages;

    private Stack(Addresses addresses, Optional<Child> own, Consumer<String> messages) {
        this.addresses = addresses;
        this.own = own;
        this.messages = messages;
    }

    /**
     * Finds the running stack of a folder, or starts one and waits until it takes requests.
     *
     * @param fresh whether to throw away what earlier ones kept
     * @throws Failure when it does not start, or when data that is in use should be thrown away
     */
    public static Stack findOrStart(Path directory, boolean fresh, Consumer<String> messages)
            throws InterruptedException {
        if (isRunning(directory)) {
            if (fresh) {
                throw new Failure(
                        "--fresh cannot throw away data that is in use: a stack is running in "
                                + directory
                                + ".\nStop it first: ./millrace stack stop");
            }
            messages.accept("using the stack that is running in " + directory);
            return new Stack(new Addresses(directory), Optional.empty(), messages);
        }
        List<String> command = command("start", directory);
        command.add("--until-stdin-closes");
        if (fresh) {
            command.add("--fresh");
        }
        Child child = Child.speaking(command);
        Stack stack = new Stack(new Addresses(directory), Optional.of(child), messages);
        try {
            stack.awaitReadiness(child);
        } catch (InterruptedException | RuntimeException failure) {
            var _ = child.stop(STOP_BOUND);
            throw failure;
        }
        return stack;
    }

    private static boolean isRunning(Path directory) throws InterruptedException {
        Child status = Child.speaking(command("status", directory));
        try {
            status.output().transferTo(OutputStream.nullOutputStream());
        } catch (IOException ignored) {
            // Its exit status says it all.
        }
        return status.await() == 0;
    }

    private static List<String> command(String action, Path directory) {
        List<String> command =
                new ArrayList<>(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        String runtime = System.getProperty("millrace.stack.runtime", "");
        if (!runtime.isEmpty()) {
            command.add("-Dmillrace.stack.runtime=" + runtime);
        }
        command.addAll(
                List.of(
                        "-cp",
                        code(),
                        StackCommand.class.getName(),
                        action,
                        "--directory",
                        directory.toString()));
        return command;
    }

    private static String code() {
        try {
            return Path.of(
                            StackCommand.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Hands on what the stack says, now and later, until it says that it is ready. */
    private void awaitReadiness(Child child) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        // The platform's own: a read from a pipe would keep a virtual one's carrier for ever, which
        // on one processor is the only one there is.
        Thread.ofPlatform().daemon().name("stack-output").start(() -> handOn(child, told));
        told.await();
        if (addresses.find("pulsar.service-url").isEmpty()) {
            throw new Failure(
                    "the broker and the database did not start; their logs are in "
                            + directory()
                            + "/logs");
        }
    }

    private void handOn(Child child, CountDownLatch told) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.output(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                boolean ready = told.getCount() == 0;
                if (line.contains(READY)) {
                    told.countDown();
                } else if (ready ? line.contains("died") : !line.contains("://")) {
                    messages.accept(line.replaceFirst("^stack: +", ""));
                }
                line = lines.readLine();
            }
        } catch (IOException ended) {
            // It has nothing more to say.
        } finally {
            told.countDown();
        }
    }

    /** Where broker and database are. */
    public Addresses addresses() {
        return addresses;
    }

    private Path directory() {
        return addresses.directory();
    }

    /** Whether it still runs, as far as it is ours. */
    public boolean isAlive() {
        return own.map(Child::isAlive).orElse(true);
    }

    @Override
    public void close() {
        if (own.isPresent()) {
            messages.accept("stopping PostgreSQL and Pulsar");
            if (!own.get().stop(STOP_BOUND)) {
                messages.accept(
                        "they did not stop in time and were killed; logs in "
                                + directory()
                                + "/logs");
            }
        }
    }
}
