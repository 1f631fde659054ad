package dev.millrace.bootstrap.send;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import java.io.Console;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Shows on a terminal how much of the file is read, and messages above it; without a terminal the
 * messages alone.
 */
final class Progress implements AutoCloseable {

    private static final long KIBIBYTE = 1024;

    private final PrintStream errors;
    private final Optional<ProgressBar> bar;
    private boolean closed;

    private Progress(PrintStream errors, Optional<ProgressBar> bar) {
        this.errors = errors;
        this.bar = bar;
    }

    /**
     * @param bytes the size of the file; negative when nobody knows
     */
    static Progress start(PrintStream errors, String name, long bytes) {
        if (!isTerminal()) {
            return new Progress(errors, Optional.empty());
        }
        return new Progress(
                errors,
                Optional.of(
                        new ProgressBarBuilder()
                                .setTaskName(name)
                                .setInitialMax(bytes)
                                .setUnit(" KiB", KIBIBYTE)
                                .setStyle(ProgressBarStyle.ASCII)
                                .setUpdateIntervalMillis(200)
                                .setConsumer(new ConsoleProgressBarConsumer(errors))
                                .build()));
    }

    /**
     * Java knows of a terminal only when standard input and output are one; a bar needs it at
     * standard error.
     */
    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).startsWith("/dev/pts");
        } catch (IOException noSuchSystem) {
            return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        }
    }

    /** Counts what is read of the file. */
    InputStream watch(InputStream input) {
        return bar.<InputStream>map(shown -> new Watched(input, shown)).orElse(input);
    }

    /** Says a line to the person at the terminal. */
    synchronized void say(String message) {
        bar.ifPresent(shown -> errors.print("\r\u001b[K"));
        errors.println(message);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            bar.ifPresent(ProgressBar::close);
        }
    }

    private static final class Watched extends FilterInputStream {
        private final ProgressBar bar;

        Watched(InputStream input, ProgressBar bar) {
            super(input);
            this.bar = bar;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) {
                bar.step();
            }
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                bar.stepBy(count);
            }
            return count;
        }
    }
}
