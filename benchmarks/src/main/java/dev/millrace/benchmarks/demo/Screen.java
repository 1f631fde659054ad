package dev.millrace.benchmarks.demo;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Lines that stay in place on a terminal, each time drawn over the last. */
public final class Screen {

    private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";

    private final PrintStream out;
    private int drawn;

    public Screen(PrintStream out) {
        this.out = out;
    }

    /**
     * Whether standard output is a terminal; Java itself only knows of one when standard input is
     * one, too.
     */
    public static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).startsWith("/dev/pts");
        } catch (IOException noSuchSystem) {
            return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        }
    }

    /** Draws the lines in place of those drawn before. */
    public void draw(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append('A');
        }
        lines.forEach(line -> text.append(line).append(CLEAR_TO_END_OF_LINE).append('\n'));
        for (int i = lines.size(); i < drawn; i++) {
            text.append(CLEAR_TO_END_OF_LINE).append('\n');
        }
        drawn = Math.max(drawn, lines.size());
        out.print(text);
        out.flush();
    }
}
