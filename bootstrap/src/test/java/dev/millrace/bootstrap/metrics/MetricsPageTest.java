package dev.millrace.bootstrap.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class MetricsPageTest {

    /** What an event, a caller or a person brings along is none of them. */
    private static final List<String> LABELS =
            List.of(
                    "fate",
                    "kind",
                    "lane",
                    "outcome",
                    "result",
                    "state",
                    "status",
                    "stream",
                    "subscription",
                    "table",
                    "tenant");

    @Test
    void the_page_in_the_repository_is_the_one_that_the_code_makes() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "metrics.md")))
                .as("made anew by: ./millrace config --metrics > docs/metrics.md")
                .isEqualTo(MetricsPage.markdown());
    }

    @Test
    void every_family_says_what_it_means_and_has_no_label_that_events_bring_along() {
        assertThat(MetricsPage.ours()).hasSizeGreaterThan(25);
        assertThat(MetricsPage.ours())
                .allSatisfy(family -> {
                    assertThat(family.meaning()).as(family.name()).isNotBlank();
                    assertThat(LABELS).as(family.name()).containsAll(family.labels());
                });
    }

    @Test
    void an_estimate_is_called_one() {
        assertThat(MetricsPage.ours())
                .filteredOn(family -> family.meaning().startsWith("About"))
                .isNotEmpty()
                .allMatch(family -> family.name().endsWith("_estimate"));
    }
}
