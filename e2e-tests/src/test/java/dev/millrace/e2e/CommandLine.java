package dev.millrace.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Other people's programs, run to their end. */
final class CommandLine {

    private CommandLine() {}

    /**
     * What it printed, errors among it.
     *
     * @throws IllegalStateException with all of that, when it fails
     */
    static String run(Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + printed);
            }
            return printed.strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    static String run(String... command) {
        return run(Map.of(), List.of(command));
    }

    /** Whether it is there and does not fail. */
    static boolean works(String... command) {
        try {
            run(command);
            return true;
        } catch (UncheckedIOException | IllegalStateException fails) {
            return false;
        }
    }
}
