package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.callers.CallerRate;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A rate for each caller: what it hears beyond, and that nobody else notices. */
final class FairnessTest {

    private static final String CALLER = "X-Caller";

    private static String lines(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> entry(name + "-" + i, "a" + i))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void reading_stops_where_the_tokens_end_and_the_answer_says_how_long_to_wait() {
        try (RunningGate gate = RunningGate.start(new CallerRate(1, 3, CALLER))) {
            Answer some = gate.ndjson(lines("some", 5), CALLER, "a");
            assertThat(some.itemStatuses()).containsExactly(202, 202, 202, 429);
            assertThat(some.status()).isEqualTo(207);
            assertThat(some.text("/items/3/problem/type"))
                    .isEqualTo("urn:millrace:problem:rate-exceeded");
            assertThat(some.text("/items/3/problem/detail")).contains("stopped at item 3, line 4");
            assertThat(some.header("Retry-After")).isEqualTo("1");

            Answer one = gate.json(entry("one", "1"), CALLER, "a").isProblem(429, "rate-exceeded");
            assertThat(one.header("Retry-After")).isEqualTo("1");
            assertThat(gate.json(entry("other", "1"), CALLER, "b").status()).isEqualTo(202);
            assertThat(gate.json(entry("address", "1")).status()).isEqualTo(202);
            assertThat(gate.storedIds())
                    .containsExactly("some-0", "some-1", "some-2", "other", "address");
        }
    }

    @Test
    void retry_after_is_the_time_that_a_token_takes() {
        try (RunningGate gate = RunningGate.start(new CallerRate(1, 1, ""))) {
            assertThat(gate.json(entry("first", "1")).status()).isEqualTo(202);
            long refusedAt = System.nanoTime();
            Answer refused = gate.json(entry("second", "1"));
            refused.isProblem(429, "rate-exceeded");
            Duration told = Duration.ofSeconds(Long.parseLong(refused.header("Retry-After")));

            while (System.nanoTime() - refusedAt < told.toNanos()) {
                Thread.onSpinWait();
            }
            assertThat(gate.json(entry("second", "1")).status()).isEqualTo(202);
        }
    }

    @Test
    void a_request_without_any_event_costs_as_much_as_one() {
        try (RunningGate gate = RunningGate.start(new CallerRate(1, 2, ""))) {
            gate.json("{").isProblem(400, "invalid-body");
            gate.ndjson("").isProblem(400, "no-event");
            gate.json(entry("a", "1")).isProblem(429, "rate-exceeded");
        }
    }

    @Test
    void a_header_that_names_nobody_or_two_is_400() {
        try (RunningGate gate = RunningGate.start(new CallerRate(1, 2, CALLER))) {
            for (String[] named :
                    List.of(
                            new String[] {CALLER, ""},
                            new String[] {CALLER, "x".repeat(201)},
                            new String[] {CALLER, "a", CALLER, "b"})) {
                Answer answer = gate.json(entry("a", "1"), named).isProblem(400, "invalid-request");
                assertThat(answer.errorFields()).containsExactly(CALLER);
            }
            assertThat(gate.topic.stored()).isEmpty();
        }
    }

    @Test
    void a_caller_that_floods_takes_neither_the_share_nor_the_time_of_another() throws Exception {
        int share = 200;
        try (RunningGate gate = RunningGate.start(new CallerRate(100, share, CALLER));
                ExecutorService flood = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean ended = new AtomicBoolean();
            AtomicInteger sent = new AtomicInteger();
            List<Future<?>> flooders = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < 8; i++) {
                flooders.add(
                        flood.submit(() -> {
                            while (!ended.get()) {
                                gate.ndjson(
                                        lines("flood-" + sent.getAndIncrement(), 10), CALLER, "a");
                            }
                        }));
            }
            List<Long> micros = new ArrayList<>();
            for (int i = 0; i < share; i++) {
                long before = System.nanoTime();
                assertThat(gate.json(entry("steady-" + i, "1"), CALLER, "b").status())
                        .isEqualTo(202);
                micros.add((System.nanoTime() - before) / 1_000);
            }
            ended.set(true);
            for (Future<?> flooder : flooders) {
                flooder.get();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            long flooded = gate.storedIds().stream().filter(id -> id.startsWith("flood")).count();
            Collections.sort(micros);
            System.out.printf(
                    "fairness: %d requests of 10 events flooded for %d ms, %d events taken; the"
                            + " other's %d of %d taken, p50 %d us, p99 %d us%n",
                    sent.get(),
                    took.toMillis(),
                    flooded,
                    share,
                    share,
                    micros.get(share / 2),
                    micros.get(share * 99 / 100));

            assertThat(sent.get()).isGreaterThan(share);
            assertThat(flooded).isLessThanOrEqualTo(share + 100 * (took.toMillis() + 999) / 1_000);
            assertThat(micros.get(share * 99 / 100)).isLessThan(1_000_000);
        }
    }
}
