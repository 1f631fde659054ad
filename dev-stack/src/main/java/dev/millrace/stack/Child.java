package dev.millrace.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process that holds a pipe of ours as its standard input. It must stop when that pipe
 * closes, which the system sees to when this process dies.
 */
final class Child {
    private static final Duration KILL_BOUND = Duration.ofSeconds(10);

    private final Process process;

    private Child(Process process) {
        this.process = process;
    }

    /**
     * Starts it in a session of its own, so that a Ctrl-C at the terminal reaches the starter only,
     * which then stops its children in order.
     */
    static Child start(List<String> command, Path directory, Path log) {
        List<String> line = new ArrayList<>();
        if (isOnPath("setsid")) {
            line.add("setsid");
        }
        line.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        cleanse(builder.environment());
        try {
            return new Child(builder.start());
        } catch (IOException e) {
            throw new StackFailure("cannot start " + command.getFirst() + ": " + e, e);
        }
    }

    /** Runs a short command to its end; returns its exit status. */
    static int run(List<String> command, Path directory, String input, Path log) {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        cleanse(builder.environment());
        try {
            Process process = builder.start();
            try (var standardInput = process.outputWriter()) {
                standardInput.write(input);
            }
            return process.waitFor();
        } catch (IOException e) {
            throw new StackFailure("cannot run " + command.getFirst() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while running " + command.getFirst(), e);
        }
    }

    /** Whether a command exists and ends well. */
    static boolean succeeds(String... command) {
        if (!isOnPath(command[0])) {
            return false;
        }
        return run(List.of(command), Path.of("/"), "", Path.of("/dev/null")) == 0;
    }

    static boolean isOnPath(String program) {
        for (String folder :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** What is set for the developer's own programs must not change ours. */
    private static void cleanse(Map<String, String> environment) {
        environment
                .keySet()
                .removeIf(name ->
                        name.startsWith("PG")
                                || name.startsWith("PULSAR_")
                                || name.equals("JAVA_TOOL_OPTIONS")
                                || name.equals("JDK_JAVA_OPTIONS")
                                || name.equals("CLASSPATH"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitStatus() {
        return process.exitValue();
    }

    void kill() {
        process.destroyForcibly();
        await(KILL_BOUND);
    }

    /** Closes the pipe and waits; ends the process by force when it overruns the bound. */
    void stop(Duration bound) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The other end is closed already, so the process is on its way out.
        }
        if (!await(bound)) {
            kill();
        }
    }

    private boolean await(Duration bound) {
        try {
            return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
