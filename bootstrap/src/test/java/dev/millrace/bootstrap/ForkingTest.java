package dev.millrace.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** FORKING.md lists exactly the files in which a fork has something to edit. */
class ForkingTest {

    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LISTED = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

    @Test
    void the_list_of_edits_is_the_list_of_marks() throws IOException {
        Set<String> listed =
                LISTED.matcher(Files.readString(CHECKOUT.resolve("FORKING.md")))
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).isNotEmpty().isEqualTo(marked());
    }

    private static Set<String> marked() throws IOException {
        try (Stream<Path> files = Files.walk(CHECKOUT)) {
            return files.filter(file -> file.toString().matches(".*\\.(java|json)"))
                    .filter(file -> file.toString().contains("/src/main/"))
                    .filter(ForkingTest::isMarked)
                    .map(file -> CHECKOUT.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isMarked(Path file) {
        try {
            return Files.readString(file).contains("FORK:");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
