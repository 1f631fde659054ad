package dev.millrace.bootstrap.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ReferencePageTest {

    @Test
    void the_page_in_the_repository_is_the_one_that_the_code_makes() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "configuration.md")))
                .as("made anew by: ./millrace config --reference > docs/configuration.md")
                .isEqualTo(ReferencePage.markdown());
    }

    @Test
    void every_setting_is_on_it_under_both_of_its_names() {
        for (Setting<?> setting : Settings.all()) {
            assertThat(ReferencePage.markdown())
                    .contains("`" + setting.name() + "`", setting.environmentVariable());
        }
    }
}
