package dev.millrace.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

class MainTest {

    @TempDir private Path directory = Path.of("");

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void every_command_has_help() {
        for (String command :
                new TreeSet<>(Main.commandLine(environment).getSubcommands().keySet())) {
            assertThat(run(command, "--help")).as(command).isZero();
            assertThat(out.toString()).contains("Usage: millrace " + command, "Exit codes:");
        }
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("serve", "migrate", "config");
    }

    @Test
    void the_launcher_tells_of_every_command_and_passes_it_on() throws IOException {
        String launcher = Files.readString(Path.of("..", "millrace"));
        for (String command : Main.commandLine(environment).getSubcommands().keySet()) {
            assertThat(launcher)
                    .containsPattern("(?m)^  " + command + " .*")
                    .containsPattern("(?m)^    ([a-z-]+ \\| )*" + command + "( \\| [a-z-]+)*\\)$");
        }
    }

    @Test
    void a_number_that_is_none_is_told_in_words_of_people() {
        assertThat(run("replay", "cancel", "x")).isEqualTo(2);
        assertThat(run("replay", "--rate", "1.5")).isEqualTo(2);
        assertThat(err.toString())
                .contains("'x' is not a whole number", "'1.5' is not a whole number");
    }

    @Test
    void the_version_is_told() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("millrace ");
    }

    @Test
    void no_command_and_an_unknown_one_end_with_2_and_the_usage() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("fly")).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: millrace");
    }

    @Test
    void config_prints_each_value_and_where_it_came_from_with_secrets_masked() {
        nameAddresses();
        environment.put("MILLRACE_POSTGRES_PASSWORD", "open sesame");

        assertThat(run("config")).isZero();

        assertThat(out.toString())
                .containsPattern("millrace.gate.port +8080 +default")
                .containsPattern("millrace.postgres.user +millrace +MILLRACE_POSTGRES_USER")
                .containsPattern("millrace.postgres.password +\\*{8} +MILLRACE_POSTGRES_PASSWORD")
                .doesNotContain("sesame");
    }

    @Test
    void config_prints_json() {
        nameAddresses();

        assertThat(run("config", "-o", "json")).isZero();

        assertThat(out.toString())
                .contains("\"millrace.gate.port\"", "\"text\"", "\"8080\"", "\"source\"");
    }

    @Test
    void config_prints_the_reference_page_whatever_is_set() {
        environment.put("MILLRACE_GATE_PORT", "nonsense");

        assertThat(run("config", "--reference")).isZero();
        assertThat(out.toString()).startsWith("# Configuration");
    }

    @Test
    void a_broken_configuration_ends_with_2_and_words() {
        nameAddresses();
        environment.put("MILLRACE_LANES", "many");

        for (String command : new String[] {"serve", "migrate", "config"}) {
            assertThat(run(command)).as(command).isEqualTo(2);
        }
        assertThat(err.toString())
                .contains("millrace.lanes=many (MILLRACE_LANES): must be a whole number")
                .doesNotContain("\tat ");
    }

    @Test
    void migrate_says_in_words_that_the_database_is_away() {
        nameAddresses();

        assertThat(run("migrate")).isEqualTo(1);
        assertThat(err.toString()).containsIgnoringCase("refused").doesNotContain("\tat ");
    }

    @Test
    void migrate_says_what_to_do_when_no_database_is_named() {
        environment.put("MILLRACE_ROLES", "gate");
        environment.put("MILLRACE_PULSAR_SERVICE_URL", "pulsar://127.0.0.1:1");
        environment.put("MILLRACE_PULSAR_ADMIN_URL", "http://127.0.0.1:1");
        environment.put("MILLRACE_STACK_DIRECTORY", directory.toString());

        assertThat(run("migrate")).isEqualTo(1);
        assertThat(err.toString()).contains("MILLRACE_POSTGRES_URL", "./millrace stack");
    }

    private void nameAddresses() {
        environment.put("MILLRACE_STACK_DIRECTORY", directory.toString());
        environment.put("MILLRACE_PULSAR_SERVICE_URL", "pulsar://127.0.0.1:1");
        environment.put("MILLRACE_PULSAR_ADMIN_URL", "http://127.0.0.1:1");
        environment.put("MILLRACE_POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/millrace");
        environment.put("MILLRACE_POSTGRES_USER", "millrace");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine(environment);
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
