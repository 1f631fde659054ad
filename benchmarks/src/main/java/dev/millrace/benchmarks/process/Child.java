package dev.millrace.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of ours, with a pipe as its standard input that it must not outlive. Thread-safe. */
final class Child {

    private static final Duration AFTER_TERM = Duration.ofSeconds(5);
    private static final List<String> FLAGS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final Process process;

    private Child(Process process) {
        this.process = process;
    }

    /** Starts a program whose output goes to a file, which begins anew. */
    static Child writingTo(Path log, List<String> program, Map<String, String> environment) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
        } catch (IOException unwritable) {
            throw new Failure(
                    "cannot write to " + log.toAbsolutePath().getParent() + ": " + unwritable,
                    unwritable);
        }
        return start(program, environment, ProcessBuilder.Redirect.to(log.toFile()));
    }

    /** Starts a program whose output is ours to read. */
    static Child speaking(List<String> program) {
        return start(program, Map.of(), ProcessBuilder.Redirect.PIPE);
    }

    private static Child start(
            List<String> program, Map<String, String> environment, ProcessBuilder.Redirect output) {
        List<String> command = new ArrayList<>(ownSession());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(program);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment().putAll(environment);
        try {
            return new Child(builder.start());
        } catch (IOException failure) {
            throw new Failure("cannot start " + command.getFirst() + ": " + failure, failure);
        }
    }

    /**
     * A session of its own has no terminal; where there is no such program, the interrupt is
     * ignored instead.
     */
    private static List<String> ownSession() {
        for (String folder :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "setsid"))) {
                return List.of("setsid");
            }
        }
        return List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh");
    }

    InputStream output() {
        return process.getInputStream();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits for its end, and answers its exit status. */
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * Closes the pipe and waits; sends signals to what overruns its time. Answers whether it ended
     * by itself.
     */
    boolean stop(Duration time) {
        try {
            process.getOutputStream().close();
        } catch (IOException closedAlready) {
            // The other end is gone, so the process is on its way out.
        }
        try {
            if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            process.destroy();
            if (!process.waitFor(AFTER_TERM.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException impatient) {
            kill();
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Ends it at once. */
    void kill() {
        process.destroyForcibly();
    }
}
