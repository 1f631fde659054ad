package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.stack.SharedStack;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** The one claim about speed that the design stands on: both sides in one run, as a ratio. */
class BenchTest {

    @TempDir private Path folder;

    @Seeded
    void batches_are_at_least_fifteen_times_as_fast_as_single_events() throws Exception {
        Path answers = folder.resolve("answers");
        Programs.Finished bench =
                Programs.run(
                        Programs.launcher(
                                Map.of("MILLRACE_STACK_DIRECTORY", stack(), "MILLRACE_BUILD", "no"),
                                "bench",
                                "--events",
                                "20000",
                                "--rounds",
                                "1",
                                "--single-seconds",
                                "3",
                                "--min-ratio",
                                "15",
                                "--answers",
                                answers.toString()),
                        folder);
        System.out.println(bench.out());
        assertThat(bench.status()).as(bench.toString()).isZero();
        assertThat(bench.out())
                .contains("events per entry", "buckets", "times as fast", "fsync on");
        assertThat(KeptAnswers.judge(answers)).isGreaterThanOrEqualTo(20_000 / 500);
    }

    /** That of the run, where there is one; it is found running, and left so. */
    private String stack() {
        return System.getProperty(SharedStack.PROPERTY, folder.resolve("run").toString());
    }
}
