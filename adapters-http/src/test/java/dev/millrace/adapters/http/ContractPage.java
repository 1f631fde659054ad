package dev.millrace.adapters.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The tables of {@code docs/gate.md}, whose rows are the rows of tests. */
final class ContractPage {

    private static final Path PAGE = Path.of("..", "docs", "gate.md");

    private ContractPage() {}

    /** The rows of the table below this heading, without its head. */
    static List<String> rows(String heading) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        int start = lines.indexOf(heading);
        if (start < 0) {
            throw new IllegalStateException(PAGE + " has no heading " + heading);
        }
        return lines.subList(start, lines.size()).stream()
                .dropWhile(line -> !line.startsWith("| ---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("| "))
                .toList();
    }
}
