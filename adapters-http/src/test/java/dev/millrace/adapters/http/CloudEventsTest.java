package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.CloudEvents.BATCH;
import static dev.millrace.adapters.http.CloudEvents.ONE;
import static dev.millrace.adapters.http.CloudEvents.TYPE;
import static dev.millrace.adapters.http.CloudEvents.event;
import static dev.millrace.adapters.http.Entries.quote;
import static dev.millrace.adapters.http.Entries.with;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.cloudevents.CloudEventId;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.driven.OutgoingEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** CloudEvents in one JSON object, alone and in batches. */
final class CloudEventsTest {

    private static final String MESSAGE_ID = CloudEventId.of("/bank/prague", "171812").value();
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String OTHER_TRACE =
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    private final RunningGate gate = RunningGate.start();

    @AfterEach
    void close() {
        gate.close();
    }

    private Answer post(String event, String... headers) {
        return gate.post(RunningGate.LEDGER, ONE, event, headers);
    }

    private OutgoingEvent<LedgerEvent> stored() {
        assertThat(gate.topic.stored()).isNotEmpty();
        return gate.topic.stored().getLast().event();
    }

    private void assertAccepted(Answer answer) {
        assertThat(answer.status()).as(answer.whole().body()).isEqualTo(202);
    }

    @Test
    void an_event_is_named_by_its_source_and_id_and_keeps_both() {
        Answer answer = post(event());

        assertAccepted(answer);
        assertThat(answer.text("/messageId")).isEqualTo(MESSAGE_ID);
        assertThat(answer.header("Location"))
                .isEqualTo("/v1/streams/ledger-entries/messages/" + MESSAGE_ID);
        assertThat(stored().messageId()).hasToString(MESSAGE_ID);
        assertThat(stored().event().amount().minor()).isEqualTo(90_000);
        assertThat(stored().properties())
                .isEqualTo(
                        Map.of(
                                "ce_specversion", "1.0",
                                "ce_type", TYPE,
                                "ce_source", "/bank/prague",
                                "ce_id", "171812"));
    }

    @Test
    void an_event_that_is_sent_twice_has_one_message_id_in_every_mode() {
        assertAccepted(post(event()));
        assertAccepted(gate.post(RunningGate.LEDGER, BATCH, "[" + event() + "]"));
        assertAccepted(
                gate.json(
                        with(),
                        "ce-specversion",
                        "1.0",
                        "ce-type",
                        TYPE,
                        "ce-source",
                        "/bank/prague",
                        "ce-id",
                        "171812"));

        assertThat(gate.storedIds()).containsExactly(MESSAGE_ID, MESSAGE_ID, MESSAGE_ID);
    }

    @Test
    void subject_and_time_fill_what_the_data_leaves_out() {
        assertAccepted(
                post(
                        event(
                                "subject",
                                "\"acc-9\"",
                                "time",
                                "\"2018-04-05T19:31:00.5+02:00\"",
                                "data",
                                with("accountId", "", "occurredAt", ""))));

        assertThat(stored().event().account().value()).isEqualTo("acc-9");
        assertThat(stored().key()).hasToString("acc-9");
        assertThat(stored().event().occurredAt())
                .isEqualTo(Instant.parse("2018-04-05T17:31:00.5Z"));
        assertThat(stored().properties())
                .containsEntry("ce_subject", "acc-9")
                .containsEntry("ce_time", "2018-04-05T19:31:00.5+02:00");
    }

    @Test
    void subject_and_time_may_repeat_the_data_but_not_contradict_it() {
        assertAccepted(post(event("subject", "\"576\"", "time", "\"1993-01-01T01:00:00+01:00\"")));

        Answer answer =
                post(event("subject", "\"577\"", "time", "\"1993-01-01T00:00:01Z\""))
                        .isProblem(400, "invalid-event");
        assertThat(answer.errorFields()).containsExactly("/subject", "/time");
        assertThat(answer.whole().body()).contains("/data/accountId", "/data/occurredAt");
    }

    @Test
    void everything_that_is_wrong_is_told_at_once_where_it_stands() {
        Answer answer =
                post(event(
                                "specversion",
                                "\"0.3\"",
                                "id",
                                "\"\"",
                                "source",
                                "\"not a uri\"",
                                "type",
                                "\"com.example.other\"",
                                "subject",
                                "\"no spaces\"",
                                "time",
                                "\"yesterday\"",
                                "dataschema",
                                "\"relative\"",
                                "datacontenttype",
                                "\"text/plain\"",
                                "myExtension",
                                "1",
                                "fraction",
                                "1.5",
                                "data",
                                with(
                                        "accountId",
                                        "",
                                        "occurredAt",
                                        "",
                                        "amountMinor",
                                        "0",
                                        "extra/ordinary",
                                        "1")))
                        .isProblem(400, "invalid-event");

        assertThat(answer.errorFields())
                .containsExactly(
                        "/specversion",
                        "/id",
                        "/source",
                        "/type",
                        "/time",
                        "/dataschema",
                        "/datacontenttype",
                        "/myExtension",
                        "/fraction",
                        "/subject",
                        "/data/amountMinor",
                        "/data/extra~1ordinary");
        assertThat(gate.topic.stored()).isEmpty();
    }

    @Test
    void what_is_required_is_missed() {
        Answer answer = post("{\"data\":{}}").isProblem(400, "invalid-event");

        assertThat(answer.errorFields())
                .contains("/specversion", "/id", "/source", "/type", "/data/accountId");
        assertThat(post("{}").errorFields())
                .containsExactly("/specversion", "/id", "/source", "/type", "/data");
    }

    @Test
    void a_type_of_no_stream_or_of_another_one_hears_which_there_are() {
        for (String type : List.of("com.example.order", "millrace.counter.v1")) {
            Answer answer = post(event("type", quote(type))).isProblem(400, "invalid-event");

            assertThat(answer.errorFields()).containsExactly("/type");
            assertThat(answer.text("/errors/0/rule"))
                    .contains("must be " + TYPE)
                    .contains("millrace.counter.v1, " + TYPE);
        }
        assertAccepted(
                gate.post(
                        RunningGate.COUNTER,
                        ONE,
                        event(
                                "type",
                                "\"millrace.counter.v1\"",
                                "subject",
                                "\"c\"",
                                "data",
                                "{\"by\":1}")));
        assertThat(gate.counterTopic.stored().getFirst().event().key()).hasToString("c");
    }

    @Test
    void an_attribute_that_is_null_is_absent_and_one_given_twice_is_refused() {
        assertAccepted(post(event("subject", "null", "time", "null", "region", "null")));
        assertThat(stored().properties()).doesNotContainKeys("ce_subject", "ce_time", "ce_region");

        assertThat(post(event("id", "null")).isProblem(400, "invalid-event").errorFields())
                .containsExactly("/id");
        String twice = event("region", "null,\"region\":\"east\"");
        assertThat(post(twice).isProblem(400, "invalid-event").errorFields())
                .containsExactly("/region");
        String dataTwice = event("data", with() + ",\"data\":{}");
        assertThat(post(dataTwice).isProblem(400, "invalid-event").errorFields())
                .containsExactly("/data");
    }

    @Test
    void extensions_are_kept_as_text() {
        assertAccepted(
                post(
                        event(
                                "region",
                                "\"Praha–východ 😀\"",
                                "priority",
                                "-2147483648",
                                "sampled",
                                "true",
                                "empty",
                                "\"\"",
                                "dataschema",
                                "\"https://example.com/entry\"")));

        assertThat(stored().properties())
                .containsEntry("ce_region", "Praha–východ 😀")
                .containsEntry("ce_priority", "-2147483648")
                .containsEntry("ce_sampled", "true")
                .containsEntry("ce_empty", "")
                .containsEntry("ce_dataschema", "https://example.com/entry");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2147483648",
                "1.0",
                "-0",
                "[]",
                "{}",
                "\"a\\u0000b\"",
                "\"a\\nb\"",
                "\"\\u0085\"",
                "\"\\ufdd0\"",
                "\"\\ud800\""
            })
    void an_extension_of_another_type_or_with_forbidden_characters_is_refused(String value) {
        assertThat(post(event("region", value)).isProblem(400, "invalid-event").errorFields())
                .containsExactly("/region");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Region", "re-gion", "re_gion", "région", "", "data_"})
    void a_name_that_no_attribute_can_have_is_refused(String name) {
        assertThat(post(event(name, "\"x\"")).isProblem(400, "invalid-event").errorFields())
                .containsExactly("/" + name);
    }

    @Test
    void the_attributes_of_an_event_are_bounded_in_number_and_length() {
        String longest = quote("x".repeat(1024));
        assertAccepted(post(event("region", longest)));
        assertThat(post(event("region", quote("x".repeat(1025)))).errorFields())
                .containsExactly("/region");
        assertThat(post(event("x".repeat(65), "1")).errorFields())
                .containsExactly("/" + "x".repeat(65));

        String many =
                IntStream.range(0, 37)
                        .mapToObj(index -> ",\"x" + index + "\":1")
                        .collect(Collectors.joining());
        Answer answer = post(event("data", with() + many)).isProblem(400, "invalid-event");
        assertThat(answer.errorFields()).containsExactly("");
        assertThat(answer.text("/errors/0/rule")).contains("40 attributes");
    }

    @ParameterizedTest
    @CsvSource({"null", "[]", "'\"text\"'", "1", "true"})
    void data_that_is_no_object_is_refused(String data) {
        assertThat(post(event("data", data)).isProblem(400, "invalid-event").errorFields())
                .containsExactly("/data");
    }

    @Test
    void data_may_be_encoded() {
        assertAccepted(post(event("data", "", "data_base64", encoded(with()))));
        assertThat(stored().event().account().value()).isEqualTo("576");

        String broken = encoded(with("amountMinor", "0"));
        assertThat(post(event("data", "", "data_base64", broken)).errorFields())
                .containsExactly("/data/amountMinor");
        assertThat(post(event("data_base64", encoded(with()))).errorFields())
                .containsExactly("/data_base64");
        for (String none :
                List.of("\"%%%\"", "1", "null", encoded("[]"), encoded("{}{}"), "\"/w==\"")) {
            assertThat(post(event("data", "", "data_base64", none)).errorFields())
                    .as(none)
                    .containsExactly("/data_base64");
        }
    }

    private static String encoded(String data) {
        return quote(Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whoever_names_the_message_twice_must_mean_the_same_one() {
        String same = event("data", with("messageId", quote(MESSAGE_ID)));
        assertAccepted(post(same, "Idempotency-Key", MESSAGE_ID));

        Answer answer =
                post(event("data", with("messageId", "\"mine\"")), "Idempotency-Key", "yours")
                        .isProblem(400, "invalid-event");
        assertThat(answer.errorFields()).containsExactly("Idempotency-Key", "/data/messageId");
        assertThat(answer.text("/messageId")).isEqualTo(MESSAGE_ID);
        gate.post(RunningGate.LEDGER, BATCH, "[" + event() + "]", "Idempotency-Key", MESSAGE_ID)
                .isProblem(400, "invalid-request");
    }

    @Test
    void a_batch_is_answered_one_by_one_and_a_broken_one_holds_up_its_key() {
        Answer answer =
                gate.post(
                        RunningGate.LEDGER,
                        BATCH,
                        "["
                                + String.join(
                                        ",",
                                        event(),
                                        event("id", "\"2\"", "subject", "\"x\"", "data", "1"),
                                        event("id", "\"3\"", "data", with("accountId", "\"x\"")),
                                        event("id", "\"4\"", "data", with("accountId", "\"y\"")))
                                + "]");

        assertThat(answer.status()).isEqualTo(207);
        assertThat(answer.itemStatuses()).containsExactly(202, 400, 424, 202);
        assertThat(Answer.fields(answer.body().at("/items/1/problem"))).containsExactly("/data");
        assertThat(gate.storedIds())
                .containsExactly(MESSAGE_ID, CloudEventId.of("/bank/prague", "4").value());
    }

    @Test
    void one_is_an_object_and_a_batch_is_an_array_of_some() {
        post("[" + event() + "]").isProblem(400, "invalid-body");
        gate.post(RunningGate.LEDGER, BATCH, event()).isProblem(400, "invalid-body");
        gate.post(RunningGate.LEDGER, BATCH, "[]").isProblem(400, "no-event");
        post("{\"id\":").isProblem(400, "invalid-body");

        assertThat(gate.topic.stored()).isEmpty();
    }

    @Test
    void an_event_may_have_as_many_bytes_as_any_other() {
        post(event("data", with("description", quote("x".repeat(70_000)))))
                .isProblem(413, "event-too-large");

        String large = with("description", quote("x".repeat(70_000)));
        Answer answer =
                gate.post(
                        RunningGate.LEDGER,
                        BATCH,
                        "["
                                + String.join(
                                        ",",
                                        event("data", large),
                                        event("id", "\"2\""),
                                        event("id", "\"3\"", "data", with("accountId", "\"x\"")))
                                + "]");
        assertThat(answer.itemStatuses()).containsExactly(413, 424, 202);
        assertThat(answer.text("/items/0/messageId")).isEqualTo(MESSAGE_ID);
    }

    @Test
    void the_trace_is_carried_on_and_an_events_own_wins() {
        assertAccepted(post(event(), "traceparent", TRACE, "tracestate", "a=1"));
        assertThat(stored().properties())
                .containsEntry("traceparent", TRACE)
                .containsEntry("tracestate", "a=1")
                .doesNotContainKey("ce_traceparent");

        String own = event("traceparent", quote(OTHER_TRACE), "tracestate", "\"b=2\"");
        assertAccepted(post(own, "traceparent", TRACE, "tracestate", "a=1"));
        assertThat(stored().properties())
                .containsEntry("traceparent", OTHER_TRACE)
                .containsEntry("tracestate", "b=2");
    }

    @Test
    void a_malformed_trace_fails_no_event() {
        assertAccepted(post(event("traceparent", "5", "tracestate", "{}"), "traceparent", "x"));
        assertThat(stored().properties()).doesNotContainKeys("traceparent", "tracestate");

        assertAccepted(post(event("traceparent", "\"x\""), "traceparent", TRACE));
        assertThat(stored().properties()).containsEntry("traceparent", TRACE);
        assertAccepted(post(event(), "traceparent", TRACE, "traceparent", OTHER_TRACE));
        assertThat(stored().properties()).doesNotContainKey("traceparent");
    }

    @Test
    void plain_events_carry_the_trace_of_their_request() {
        assertAccepted(gate.json(with(), "traceparent", TRACE));
        assertThat(stored().properties()).isEqualTo(Map.of("traceparent", TRACE));

        assertAccepted(
                gate.ndjson(
                        with("messageId", "\"line\""),
                        "traceparent",
                        OTHER_TRACE,
                        "tracestate",
                        "a=1",
                        "tracestate",
                        "b=2"));
        assertThat(stored().properties())
                .isEqualTo(Map.of("traceparent", OTHER_TRACE, "tracestate", "a=1,b=2"));
    }
}
