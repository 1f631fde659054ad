package dev.millrace.stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

class StackCommandTest {
    private static final Duration START = Duration.ofMinutes(4);

    /** What the pipe rule grants: the broker's bound and PostgreSQL's, with some air. */
    private static final Duration LEAVE = Duration.ofSeconds(20);

    @TempDir private Path directory;

    @Test
    void a_killed_supervisor_leaves_nothing_running() throws Exception {
        Process supervisor = command("start");
        StackDirectory stack = new StackDirectory(directory.resolve("data"));
        boolean running = Waiting.until(START, () -> isRunning(stack) || !supervisor.isAlive());
        assertThat(running).isTrue();
        assertThat(supervisor.isAlive()).as(output()).isTrue();
        ProcessId broker = ProcessId.read(stack.brokerPidFile()).orElseThrow();
        ProcessId postmaster = ProcessId.read(stack.postgresPidFile()).orElseThrow();
        List<ProcessId> all = new ArrayList<>(List.of(broker, postmaster));
        supervisor.descendants().map(ProcessId::of).forEach(all::add);
        assertThat(all).allMatch(process -> process.alive().isPresent());

        supervisor.destroyForcibly();

        for (ProcessId process : all) {
            assertThat(process.awaitDeath(LEAVE)).as("death of %s", process).isTrue();
        }
        assertThat(stack.holder()).isEmpty();
    }

    @Test
    void what_is_not_running_has_a_status_of_its_own() throws Exception {
        assertThat(exitStatus(command("status"))).isEqualTo(3);
        assertThat(output()).contains("not running in");
    }

    @Test
    void stopping_what_is_not_running_is_no_error() throws Exception {
        assertThat(exitStatus(command("stop"))).isZero();
    }

    @Test
    void wrong_usage_is_told_from_failure() throws Exception {
        assertThat(exitStatus(command("start", "--postgres-port", "70000"))).isEqualTo(2);
        assertThat(output()).contains("--postgres-port must be 0 to 65535, not 70000");
        assertThat(exitStatus(command("begin"))).isEqualTo(2);
        assertThat(exitStatus(command("stop", "--fresh"))).isEqualTo(2);
    }

    @Test
    void help_names_every_option() throws Exception {
        assertThat(exitStatus(command("start", "--help"))).isZero();
        assertThat(output())
                .contains("--directory", "--fresh", "--detach", "--pulsar-port", "--with-parent");
    }

    private static boolean isRunning(StackDirectory stack) {
        return stack.holder()
                .filter(holder -> holder.state() == StackDirectory.State.RUNNING)
                .isPresent();
    }

    private static int exitStatus(Process process) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    private Process command(String action, String... options) throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                StackRuntime.java(),
                                "-cp",
                                StackRuntime.codeLocation().toString(),
                                StackCommand.class.getName(),
                                action,
                                "--directory",
                                directory.resolve("data").toString()));
        line.addAll(List.of(options));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }
}
