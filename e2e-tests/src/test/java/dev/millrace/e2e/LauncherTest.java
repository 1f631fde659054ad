package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a person sees of {@code ./millrace}, from a start with nothing running to an end with
 * nothing left.
 */
@Order(1) // It needs no service of the tests, whose classes are collected meanwhile.
class LauncherTest {

    /** Whichever test starts the stack second finds the data of the first. */
    @TempDir private static Path folder;

    @Test
    void the_demo_starts_everything_shows_what_happens_and_leaves_nothing() throws IOException {
        Path answers = folder.resolve("answers");
        Path report = folder.resolve("report");
        Programs.Finished demo =
                Programs.run(
                        Programs.launcher(
                                directory(),
                                "demo",
                                "--duration",
                                "6s",
                                "--answers",
                                answers.toString(),
                                "--report",
                                report.toString(),
                                "--gate-port",
                                "0",
                                "--management-port",
                                "0"),
                        folder);
        assertThat(demo.status()).as(demo.toString()).isZero();
        assertThat(demo.out()).contains("accepted", "applied", "duplicate", "rejected", "backlog");
        assertThat(demo.out()).contains("curl");
        assertThat(KeptAnswers.judge(answers)).isGreaterThan(500);
        assertThat(Files.readString(report.resolve("index.html")))
                .contains(
                        "Every accepted event has exactly one outcome.", "<path class=\"line c3\"")
                .doesNotContain("NaN", "<script", "http://127");
        assertThat(report.resolve("rates.svg")).isNotEmptyFile();
    }

    @Test
    void a_killed_launcher_leaves_no_process() throws IOException, InterruptedException {
        Path out = folder.resolve("up.txt");
        Process up =
                Programs.launcher(directory(), "up", "--gate-port", "0", "--management-port", "0")
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        await().atMost(Duration.ofSeconds(90))
                .until(() -> !up.isAlive() || Files.readString(out).contains("curl"));
        List<ProcessHandle> children = up.descendants().toList();
        assertThat(children).as(Files.readString(out)).hasSizeGreaterThan(2);

        up.destroyForcibly();
        assertThat(up.waitFor(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void help_and_version_are_those_of_the_program_it_becomes() {
        // One of each program that it becomes.
        for (String command : List.of("demo", "stack", "serve")) {
            Programs.Finished help =
                    Programs.run(Programs.launcher(directory(), command, "--help"), folder);
            assertThat(help.status()).as(command + help.err()).isZero();
            assertThat(help.out()).containsIgnoringCase("usage");
        }
        assertThat(Programs.run(Programs.launcher(directory(), "--version"), folder).out())
                .startsWith("millrace ");
    }

    @Test
    void mistakes_are_told_in_words_and_all_at_once() {
        Map<String, String> wrong = new HashMap<>(directory());
        wrong.put("MILLRACE_LANES", "none");
        wrong.put("MILLRACE_GATE_PORT", "70000");
        wrong.put("MILLRACE_SUBSCRIPTION_TYPE", "round_robin");
        Programs.Finished serve = Programs.run(Programs.launcher(wrong, "serve"), folder);
        assertThat(serve.status()).isEqualTo(2);
        assertThat(serve.err())
                .contains("MILLRACE_LANES", "none", "MILLRACE_GATE_PORT", "70000", "round_robin")
                .doesNotContain("Exception", "\tat ");
    }

    private static Map<String, String> directory() {
        return Map.of(
                "MILLRACE_STACK_DIRECTORY",
                folder.resolve("run").toString(),
                "MILLRACE_BUILD",
                "no");
    }
}
