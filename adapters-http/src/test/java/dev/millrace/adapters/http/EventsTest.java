package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.entry;
import static dev.millrace.adapters.http.Entries.with;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.driven.Publication;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Events that are taken, and what is answered when not all of them are. */
final class EventsTest {

    private RunningGate gate = RunningGate.start();

    @BeforeEach
    void fresh() {
        assertThat(gate.topic.stored()).isEmpty();
    }

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void one_event_is_answered_with_its_message_id_position_and_location() {
        Answer answer = gate.json(entry("bank-171812", "576"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.body())
                .isEqualTo(Answer.json("{\"messageId\":\"bank-171812\",\"position\":\"1:0:0:0\"}"));
        assertThat(answer.header("Location"))
                .isEqualTo("/v1/streams/ledger-entries/messages/bank-171812");
        assertThat(answer.header("Server")).isEmpty();
        LedgerEvent event = gate.topic.stored().getFirst().event().event();
        assertThat(event.account().value()).isEqualTo("576");
        assertThat(event.amount().minor()).isEqualTo(90_000);
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("1993-01-01T00:00:00Z"));
        assertThat(event.description()).isEqualTo("cash deposit");
    }

    @Test
    void an_event_without_a_message_id_is_given_one() {
        Answer answer = gate.json(with());

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/messageId")).isEqualTo("assigned-1");
        assertThat(gate.storedIds()).containsExactly("assigned-1");
    }

    @Test
    void the_idempotency_key_is_the_message_id_of_one_event() {
        assertThat(gate.json(with(), "Idempotency-Key", "mine").text("/messageId"))
                .isEqualTo("mine");
        assertThat(gate.json(entry("same", "1"), "Idempotency-Key", "same").text("/messageId"))
                .isEqualTo("same");
        assertThat(gate.storedIds()).containsExactly("mine", "same");
    }

    @Test
    void an_idempotency_key_that_disagrees_or_is_no_message_id_is_refused() {
        Answer disagreeing =
                gate.json(entry("one", "1"), "Idempotency-Key", "other")
                        .isProblem(400, "invalid-event");
        assertThat(disagreeing.errorFields()).containsExactly("/messageId");

        Answer invalid =
                gate.json(with(), "Idempotency-Key", "no spaces").isProblem(400, "invalid-request");
        assertThat(invalid.errorFields()).containsExactly("Idempotency-Key");

        Answer twice = gate.json(with(), "Idempotency-Key", "a", "Idempotency-Key", "a");
        assertThat(twice.isProblem(400, "invalid-request").errorFields())
                .containsExactly("Idempotency-Key");
        assertThat(gate.topic.stored()).isEmpty();
    }

    @Test
    void an_idempotency_key_is_for_one_event_only() {
        String one = entry("a", "1");
        gate.json("[" + one + "]", "Idempotency-Key", "a").isProblem(400, "invalid-request");
        gate.ndjson(one, "Idempotency-Key", "a").isProblem(400, "invalid-request");

        assertThat(gate.topic.stored()).isEmpty();
    }

    @Test
    void an_array_is_taken_in_order_with_one_answer_for_each() {
        Answer answer =
                gate.json(
                        "["
                                + entry("a", "1")
                                + " ,\n"
                                + entry("b", "1")
                                + ","
                                + entry("c", "2")
                                + "]");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.body().at("/items/1"))
                .isEqualTo(
                        Answer.json(
                                "{\"index\":1,\"status\":202,\"messageId\":\"b\",\"position\":\"1:1:0:0\"}"));
        assertThat(gate.storedIds()).containsExactly("a", "b", "c");
    }

    @Test
    void lines_may_be_blank_end_with_crlf_and_lack_the_last_newline() {
        Answer answer =
                gate.ndjson(
                        "\r\n"
                                + entry("a", "1")
                                + "\r\n\n  \t\n"
                                + entry("b", "1")
                                + "  \n"
                                + entry("c", "1"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.itemStatuses()).containsExactly(202, 202, 202);
        assertThat(gate.storedIds()).containsExactly("a", "b", "c");
    }

    @Test
    void ten_thousand_lines_are_taken_and_one_more_is_too_many() {
        String lines =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> entry("m" + i, "a" + i % 7))
                        .collect(Collectors.joining("\n"));

        Answer answer = gate.ndjson(lines);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.itemStatuses()).hasSize(10_000).containsOnly(202);

        String array = "[" + lines.replace('\n', ',') + "]";
        assertThat(gate.json(array).itemStatuses()).hasSize(10_000).containsOnly(202);

        assertThatItStoppedAtTheLimit(gate.ndjson(lines + "\n" + entry("more", "1") + "\n{}"));
        assertThatItStoppedAtTheLimit(gate.json(array.replace("]", ",{},{}]")));
        assertThat(gate.topic.stored()).hasSize(40_000);
    }

    private static void assertThatItStoppedAtTheLimit(Answer answer) {
        assertThat(answer.status()).isEqualTo(207);
        assertThat(answer.itemStatuses()).hasSize(10_001);
        assertThat(answer.itemStatuses().subList(0, 10_000)).containsOnly(202);
        assertThat(answer.body().at("/items/10000/index").asInt()).isEqualTo(10_000);
        assertThat(answer.body().at("/items/10000/status").asInt()).isEqualTo(413);
        assertThat(answer.text("/items/10000/problem/type"))
                .isEqualTo("urn:millrace:problem:too-many-events");
        assertThat(answer.text("/items/10000/problem/detail"))
                .startsWith("Reading stopped at item 10000, line ");
    }

    @Test
    void a_line_that_is_no_event_is_refused_by_itself_and_holds_up_its_key_alone() {
        Answer answer =
                gate.ndjson(
                        entry("a", "1")
                                + "\n{\"accountId\":\n"
                                + with(
                                        "messageId",
                                        "\"bad\"",
                                        "accountId",
                                        "\"1\"",
                                        "amountMinor",
                                        "0",
                                        "colour",
                                        "1")
                                + "\n"
                                + entry("behind", "1")
                                + "\n"
                                + entry("other", "2"));

        assertThat(answer.status()).isEqualTo(207);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.itemStatuses()).containsExactly(202, 400, 400, 424, 202);
        assertThat(answer.text("/items/1/problem/type"))
                .isEqualTo("urn:millrace:problem:invalid-body");
        assertThat(answer.text("/items/1/problem/detail")).contains("column");
        assertThat(answer.text("/items/2/messageId")).isEqualTo("bad");
        assertThat(Answer.fields(answer.body().at("/items/2/problem")))
                .containsExactly("/amountMinor", "/colour");
        assertThat(answer.text("/items/3/problem/type")).isEqualTo("urn:millrace:problem:aborted");
        assertThat(answer.text("/items/3/messageId")).isEqualTo("behind");
        assertThat(gate.storedIds()).containsExactly("a", "other");
        assertThat(gate.measurements.ingested())
                .containsEntry("ledger-entries accepted", 2)
                .containsEntry("ledger-entries invalid", 2)
                .containsEntry("ledger-entries aborted", 1);
    }

    @Test
    void what_the_broker_does_not_take_is_503_with_the_message_id_and_a_time_to_retry() {
        gate.topic.makeUnavailable();

        Answer answer = gate.json(entry("a", "1")).isProblem(503, "not-stored");
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(answer.text("/messageId")).isEqualTo("a");
        assertThat(gate.json(with()).isProblem(503, "not-stored").text("/messageId"))
                .isEqualTo("assigned-1");
    }

    @Test
    void what_may_be_stored_is_504_with_the_message_id_and_the_word_that_a_retry_is_safe() {
        gate.topic.arrange(new MessageId("a"), new Publication.Unknown("no receipt"));

        Answer answer = gate.json(entry("a", "1")).isProblem(504, "outcome-unknown");
        assertThat(answer.text("/messageId")).isEqualTo("a");
        assertThat(answer.text("/detail")).contains("retry with the same message ID is safe");
    }

    @Test
    void what_the_broker_finds_too_large_is_413() {
        gate.topic.arrange(new MessageId("a"), new Publication.TooLarge());

        assertThat(gate.json(entry("a", "1")).isProblem(413, "event-too-large").text("/messageId"))
                .isEqualTo("a");
    }

    @Test
    void past_the_events_that_may_be_under_way_it_is_429_with_a_time_to_retry() {
        gate.close();
        gate = RunningGate.startWithRoomFor(1);

        Answer some = gate.json("[" + entry("a", "1") + "," + entry("b", "2") + "]");
        assertThat(some.status()).isEqualTo(207);
        assertThat(some.itemStatuses()).containsExactly(202, 429);

        gate.underWay.acquireUninterruptibly();
        Answer none = gate.json(entry("c", "3")).isProblem(429, "too-busy");
        assertThat(none.header("Retry-After")).isEqualTo("2");
        assertThat(none.text("/messageId")).isEqualTo("c");
        Answer lines = gate.ndjson(entry("d", "3") + "\n{}").isProblem(429, "nothing-accepted");
        assertThat(lines.header("Retry-After")).isEqualTo("2");
        assertThat(lines.itemStatuses()).containsExactly(429, 400);
    }

    @Test
    void when_none_is_accepted_the_most_uncertain_one_decides_the_status() {
        gate.topic.arrange(new MessageId("unknown"), new Publication.Unknown("no receipt"));
        gate.topic.arrange(new MessageId("refused"), new Publication.NotStored("away"));

        Answer all = gate.ndjson(entry("refused", "1") + "\n" + entry("unknown", "2") + "\n[]");
        assertThat(all.isProblem(504, "nothing-accepted").itemStatuses())
                .containsExactly(503, 504, 400);
        Answer refused =
                gate.ndjson("nonsense\n" + entry("refused", "1") + "\n" + entry("behind", "1"));
        assertThat(refused.isProblem(503, "nothing-accepted").itemStatuses())
                .containsExactly(400, 503, 424);
        assertThat(refused.header("Retry-After")).isEqualTo("2");
        Answer invalid = gate.json("[1, {}]");
        assertThat(invalid.isProblem(400, "nothing-accepted").itemStatuses())
                .containsExactly(400, 400);
        assertThat(gate.topic.stored()).isEmpty();
    }

    @Test
    void an_event_too_large_among_others_is_413_for_itself_and_holds_up_its_key() {
        String large =
                with(
                        "messageId",
                        "\"large\"",
                        "accountId",
                        "\"1\"",
                        "description",
                        "",
                        "x",
                        "\"" + "é".repeat(40_000) + "\"");
        String items = large + "," + entry("behind", "1") + "," + entry("other", "2");

        assertThat(gate.json("[" + items + "]").itemStatuses()).containsExactly(413, 424, 202);
        assertThat(gate.ndjson(items.replace("},{", "}\n{")).itemStatuses())
                .containsExactly(413, 424, 202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
                "application/json ; charset=UTF-8 ; version=1"
            })
    void a_media_type_may_be_written_in_all_ways_that_mean_the_same(String type) {
        assertThat(gate.post(RunningGate.LEDGER, type, entry("a", "1")).status()).isEqualTo(202);
    }

    @Test
    void a_second_stream_is_served_by_the_same_code() {
        Answer answer =
                gate.post(
                        RunningGate.COUNTER,
                        "application/x-ndjson",
                        "{\"key\":\"k\",\"by\":-5}\n{\"key\":\"k\",\"by\":\"5\"}\n");

        assertThat(answer.itemStatuses()).containsExactly(202, 400);
        assertThat(Answer.fields(answer.body().at("/items/1/problem"))).containsExactly("/by");
        assertThat(gate.counterTopic.stored()).hasSize(1);
        assertThat(gate.counterTopic.stored().getFirst().event().event().by()).isEqualTo(-5);
    }

    @Test
    void times_are_normalised_to_utc_and_texts_are_kept() {
        gate.json(
                with(
                        "occurredAt",
                        "\"2024-02-29T23:59:59.123456+05:30\"",
                        "description",
                        "\"\\uD83D\\uDE00 ž 😀 \\u0001\""));

        LedgerEvent event = gate.topic.stored().getFirst().event().event();
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2024-02-29T18:29:59.123456Z"));
        assertThat(event.description()).isEqualTo("😀 ž 😀 \u0001");
    }

    @Test
    void the_edges_of_each_rule_are_taken() {
        List<String> edges =
                List.of(
                        with("amountMinor", "1"),
                        with("amountMinor", "9007199254740991"),
                        with("occurredAt", "\"0001-01-01T00:00:00Z\""),
                        with("occurredAt", "\"9999-12-31T23:59:59.999999Z\""),
                        with("description", "\"" + "x".repeat(500) + "\""),
                        with("description", "\"\""),
                        with("description", ""),
                        with("accountId", "\"" + "a".repeat(200) + "\""),
                        with("accountId", "\"A.b_c~d:e@f+g=h-1\""));

        assertThat(gate.json("[" + String.join(",", edges) + "]").itemStatuses())
                .hasSize(edges.size())
                .containsOnly(202);
    }
}
