package dev.millrace.bootstrap.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.bootstrap.send.ledger.LedgerFields;
import dev.millrace.domain.Backoff;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

final class SenderTest {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(1), Duration.ofMillis(4));

    private final List<String> messages = Collections.synchronizedList(new ArrayList<>());
    private final Tally tally = new Tally(messages::add);

    @RepeatedTest(4)
    void nothing_is_lost_and_each_key_keeps_its_order_whatever_fails(RepetitionInfo repetition)
            throws Exception {
        long seed = repetition.getCurrentRepetition();
        Map<String, List<String>> expected = new TreeMap<>();
        String file = file(new Random(seed), 3_000, expected);
        try (FakeGate fake = new FakeGate(seed, 0.4)) {
            send(fake.url(), file, settings(40, 6, 0, Duration.ofSeconds(30)));

            assertThat(tally.acceptedCount()).isEqualTo(3_000);
            assertThat(tally.isComplete()).isTrue();
            assertThat(tally.retriedCount()).isPositive();
            expected.forEach((key, ids) ->
                    assertThat(fake.order(key)).as("order of %s", key).isEqualTo(ids));
            assertThat(fake.overlapped()).isFalse();
            assertThat(fake.mostItems()).isLessThanOrEqualTo(40);
        }
    }

    @Test
    void a_line_without_message_id_has_one_and_keeps_it_through_every_try() throws Exception {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            file.append("{\"accountId\":\"a")
                    .append(i % 7)
                    .append("\",\"amountMinor\":")
                    .append(i + 1)
                    .append("}\n");
        }
        try (FakeGate fake = new FakeGate(5, 0.5)) {
            send(fake.url(), file.toString(), settings(10, 4, 0, Duration.ofSeconds(30)));

            Map<Long, HashSet<String>> ids = new TreeMap<>();
            fake.stored()
                    .forEach(event ->
                            ids.computeIfAbsent(
                                            event.path("amountMinor").asLong(),
                                            amount -> new HashSet<>())
                                    .add(event.path("messageId").asString()));
            assertThat(ids.keySet()).hasSize(500);
            assertThat(ids.values()).allSatisfy(id -> assertThat(id).hasSize(1));
            assertThat(ids.values().stream().flatMap(HashSet::stream).distinct()).hasSize(500);
        }
    }

    @Test
    void a_refused_event_is_reported_and_its_followers_go_on_without_it() throws Exception {
        String file =
                """
                {"messageId":"m1","accountId":"a","amountMinor":1}
                {"messageId":"m2","accountId":"a","amountMinor":0}
                {"messageId":"m3","accountId":"a","amountMinor":3}
                no JSON

                {"messageId":"m4","accountId":"b","amountMinor":4}
                """;
        try (FakeGate fake = new FakeGate(1, 0)) {
            send(fake.url(), file, settings(100, 2, 0, Duration.ofSeconds(30)));

            assertThat(fake.order("a")).containsExactly("m1", "m3");
            assertThat(fake.order("b")).containsExactly("m4");
            assertThat(tally.acceptedCount()).isEqualTo(3);
            assertThat(tally.refusedCount()).isEqualTo(2);
            assertThat(tally.notAcceptedCount()).isZero();
            assertThat(tally.isComplete()).isFalse();
            assertThat(messages).contains("line 2: amountMinor must be positive");
            assertThat(messages)
                    .anySatisfy(
                            line -> assertThat(line).startsWith("line 4: must be a JSON object"));
        }
    }

    @Test
    void what_stands_behind_the_end_of_reading_is_tried_again_and_not_refused() throws Exception {
        Map<String, List<String>> expected = new TreeMap<>();
        String file = file(new Random(1), 200, expected);
        try (FakeGate fake = new FakeGate(1, 1, FakeGate.Fault.READING_STOPPED)) {
            send(fake.url(), file, settings(20, 2, 0, Duration.ofSeconds(30)));

            assertThat(tally.acceptedCount()).isEqualTo(200);
            assertThat(tally.refusedCount()).isZero();
            assertThat(tally.retriedCount()).isPositive();
            assertThat(fake.stored()).hasSize(200);
            expected.forEach((key, ids) -> assertThat(fake.order(key)).isEqualTo(ids));
        }
    }

    @Test
    void a_gate_that_is_not_there_ends_sending_after_its_patience() throws Exception {
        URI nobody;
        try (FakeGate fake = new FakeGate(1, 0)) {
            nobody = fake.url();
        }
        send(
                nobody,
                file(new Random(1), 50, new TreeMap<>()),
                settings(10, 2, 0, Duration.ofMillis(200)));

        assertThat(tally.acceptedCount()).isZero();
        assertThat(tally.notAcceptedCount()).isEqualTo(50);
        assertThat(tally.whyAbandoned().orElseThrow()).contains("no gate answers at " + nobody);
    }

    @Test
    void an_unknown_stream_ends_sending_at_once() throws Exception {
        try (FakeGate fake = new FakeGate(1, 0);
                Gate gate = new Gate(fake.url(), "no-such-stream");
                EventFile events = ndjson(file(new Random(1), 50, new TreeMap<>()))) {
            new Sender(gate, settings(10, 2, 0, Duration.ofMinutes(5)), tally).send(events);

            assertThat(tally.whyAbandoned().orElseThrow()).startsWith("HTTP 404");
        }
    }

    @Test
    void the_rate_is_a_bound() throws Exception {
        try (FakeGate fake = new FakeGate(1, 0)) {
            long start = System.nanoTime();
            send(
                    fake.url(),
                    file(new Random(1), 100, new TreeMap<>()),
                    settings(10, 2, 200, Duration.ofSeconds(30)));

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(490));
            assertThat(tally.acceptedCount()).isEqualTo(100);
        }
    }

    @Test
    void a_pace_says_how_long_to_wait() {
        Pace pace = new Pace(100, 1_000);

        assertThat(pace.remainingNanos(0, 1_000)).isZero();
        assertThat(pace.remainingNanos(1, 1_000)).isEqualTo(10_000_000);
        assertThat(pace.remainingNanos(1, 20_000_000)).isNegative();
        assertThat(new Pace(0, 0).remainingNanos(1_000, 0)).isZero();
    }

    private void send(URI url, String file, SendSettings settings)
            throws IOException, InterruptedException {
        try (Gate gate = new Gate(url, "ledger-entries");
                EventFile events = ndjson(file)) {
            new Sender(gate, settings, tally).send(events);
        }
    }

    private static EventFile ndjson(String file) {
        return new NdjsonFile(
                new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)),
                LedgerFields.FIELDS,
                () -> UUID.randomUUID().toString());
    }

    private static SendSettings settings(
            int batch, int concurrency, double rate, Duration patience) {
        return new SendSettings(batch, concurrency, rate, patience, BACKOFF);
    }

    private static String file(Random random, int events, Map<String, List<String>> expected) {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < events; i++) {
            String key = "a" + random.nextInt(40);
            String id = "m" + i;
            expected.computeIfAbsent(key, none -> new ArrayList<>()).add(id);
            file.append("{\"messageId\":\"").append(id).append("\",\"accountId\":\"").append(key);
            file.append("\",\"amountMinor\":1}\n");
        }
        return file.toString();
    }
}
