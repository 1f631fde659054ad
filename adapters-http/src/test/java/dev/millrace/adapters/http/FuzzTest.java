package dev.millrace.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HexFormat;

/**
 * Made-up requests by the ten thousand: whatever comes, the answer keeps the contract, what it says
 * is stored is stored and nothing else, it comes at once, and nothing is logged for a person.
 *
 * <p>{@code -Dmillrace.fuzz.seed} repeats a run, {@code -Dmillrace.fuzz.inputs} sets how many of
 * each kind are tried at least.
 */
final class FuzzTest {

    /** Far more than any answer takes, and less than the connector in process waits. */
    private static final Duration HANG = Duration.ofSeconds(18);

    private static final Duration BODY_DEADLINE = Duration.ofSeconds(5);

    private final long seed = Long.getLong("millrace.fuzz.seed", System.nanoTime());
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private FuzzedGate gate;

    @BeforeEach
    void start() throws Exception {
        gate = new FuzzedGate(LimitsTest.withBodyDeadline(BODY_DEADLINE));
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void stop() {
        gate.close();
        root().detachAppender(log);
        assertThat(log.list).as("lines for a person").isEmpty();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @FunctionalInterface
    private interface Trial {
        void of(FuzzInput input) throws Exception;
    }

    private void decode(FuzzInput input) throws Exception {
        gate.decode(input);
    }

    private void answerInProcess(FuzzInput input) throws Exception {
        gate.answer(input.request());
    }

    private void answerOverSocket(FuzzInput input) throws Exception {
        byte[] request = input.damagedRequest();
        try (RawConnection connection = new RawConnection(gate.port())) {
            String answer = connection.writeDamaged(request).endOutput().read();
            // A request that is cut off may go without an answer.
            if (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 100 ")) {
                gate.requireStatus(answer);
            }
        }
    }

    /** Tries until both the time is over and the number is reached. */
    private void run(String kind, Duration time, long floor, Trial trial) {
        long least = Long.getLong("millrace.fuzz.inputs", floor);
        long start = System.nanoTime();
        long inputs = 0;
        long slowest = 0;
        long slowestSeed = seed;
        while (inputs < least || System.nanoTime() - start < time.toNanos()) {
            long inputSeed = seed + inputs;
            long before = System.nanoTime();
            tryOne(kind, inputSeed, trial);
            long nanos = System.nanoTime() - before;
            if (nanos > slowest) {
                slowest = nanos;
                slowestSeed = inputSeed;
            }
            inputs++;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf(
                "fuzz, %s: %,d inputs in %d ms, slowest %d ms (input seed %d), seed %d%n",
                kind, inputs, took.toMillis(), slowest / 1_000_000, slowestSeed, seed);
        assertThat(Duration.ofNanos(slowest)).isLessThan(HANG);
    }

    private static void tryOne(String kind, long inputSeed, Trial trial) {
        FuzzInput input = new FuzzInput(inputSeed);
        try {
            trial.of(input);
        } catch (Exception | AssertionError broken) {
            throw new AssertionError(
                    kind
                            + ", input seed "
                            + inputSeed
                            + ", body in hex "
                            + HexFormat.of().formatHex(input.body()),
                    broken);
        }
    }

    @Test
    void the_decoder_reads_whatever_comes() {
        run("decoder", Duration.ofSeconds(2), 5_000, this::decode);
    }

    @Test
    void the_gate_answers_whatever_comes() {
        run("in process", Duration.ofSeconds(2), 1_000, this::answerInProcess);
    }

    @Test
    void the_socket_takes_whatever_comes() {
        run("socket", Duration.ofSeconds(1), 100, this::answerOverSocket);
    }

    @Test
    @Tag("seeded")
    void a_million_inputs_in_all() {
        run("decoder", Duration.ofSeconds(30), 900_000, this::decode);
        run("in process", Duration.ofSeconds(30), 100_000, this::answerInProcess);
        run("socket", Duration.ofSeconds(10), 5_000, this::answerOverSocket);
    }
}
