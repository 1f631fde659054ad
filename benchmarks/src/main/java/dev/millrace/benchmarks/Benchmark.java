package dev.millrace.benchmarks;

import dev.millrace.benchmarks.process.Failure;
import dev.millrace.benchmarks.process.Service;

import picocli.CommandLine.Option;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What has two sides or more take turns in one run, and compares their medians. */
abstract class Benchmark implements Callable<Integer> {

    @Option(
            names = "--accounts",
            paramLabel = "N",
            description = "accounts the events are of (default: ${DEFAULT-VALUE})")
    private int accounts = 2_000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "rounds of each side (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    /** Where figures go to. */
    final PrintStream out = System.out;

    @Override
    public final Integer call() throws Exception {
        if (accounts < 1 || rounds < 1 || !canBeMeasured()) {
            System.err.println(demands());
            return 2;
        }
        Ending ending = new Ending();
        int status = 1;
        try {
            status = ending.interruptibly(() -> measure(WholeSystem.directory()));
        } catch (Failure failure) {
            out.println(failure.getMessage());
        } catch (InterruptedException interrupted) {
            say("stopped before the end");
        } finally {
            out.flush();
            status = ending.done(status);
        }
        return status;
    }

    /** Whether the options of its own are such that something can be measured. */
    abstract boolean canBeMeasured();

    /** What the options must be, for whoever gave others. */
    abstract String demands();

    /**
     * Does all of it.
     *
     * @param directory where the processes have their files
     * @return the exit status
     */
    abstract int measure(Path directory) throws InterruptedException;

    final int accounts() {
        return accounts;
    }

    final int rounds() {
        return rounds;
    }

    /** A service that is measured, with files of its own. */
    static Service.Plan plan(String role, Path directory, Map<String, String> settings) {
        Path own = directory.resolve("bench").resolve(role);
        return new Service.Plan("the " + role, own, own.resolve("service.log"), 0, 0, settings);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** What is being done, for who waits. */
    final void say(String line) {
        WholeSystem.say(out, line);
    }
}
