package dev.millrace.benchmarks;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/** To come. */
@Command(name = "bench")
final class BenchCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 1;
    }
}
