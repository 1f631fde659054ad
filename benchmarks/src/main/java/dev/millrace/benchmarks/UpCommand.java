package dev.millrace.benchmarks;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Everything, without traffic, until Ctrl-C. */
@Command(
        name = "up",
        description = {
            "Starts a broker, a database and the service, and keeps them running until Ctrl-C.",
            "The data is kept between starts. A stack that runs already (millrace stack) is used"
                    + " and left running."
        })
final class UpCommand implements Callable<Integer> {

    private static final Duration WATCH_STEP = Duration.ofMillis(500);

    @Mixin private WholeSystem system = new WholeSystem();

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        return system.use(
                out,
                (running, ending) -> {
                    out.println();
                    out.println("Millrace is up. Ctrl-C stops it in order.");
                    running.addresses("alice").forEach(line -> out.println("  " + line));
                    out.println("  first        " + example(running));
                    out.flush();
                    Optional<String> failure = Optional.empty();
                    while (failure.isEmpty() && !ending.await(WATCH_STEP)) {
                        failure = running.failure();
                    }
                    out.println();
                    failure.ifPresent(why -> WholeSystem.say(out, why));
                    return failure.isPresent() ? 1 : 0;
                });
    }

    private static String example(WholeSystem.Running running) {
        return "curl -si "
                + running.service().gate()
                + "/v1/streams/ledger-entries/events -H 'Content-Type: application/json' -d"
                + " '{\"accountId\":\"alice\",\"type\":\"credit\","
                + "\"amountMinor\":5000,\"currency\":\"EUR\",\"occurredAt\":\""
                + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + "\"}'";
    }
}
