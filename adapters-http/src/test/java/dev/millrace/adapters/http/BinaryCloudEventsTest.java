package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.CloudEvents.TYPE;
import static dev.millrace.adapters.http.Entries.with;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.cloudevents.CloudEventId;
import dev.millrace.ports.driven.OutgoingEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** CloudEvents whose attributes are headers and whose data is the body. */
final class BinaryCloudEventsTest {

    private static final List<String> ATTRIBUTES =
            List.of(
                    "ce-specversion", "1.0",
                    "ce-type", TYPE,
                    "ce-source", "/bank/prague",
                    "ce-id", "171812");

    private final RunningGate gate = RunningGate.start();

    @AfterEach
    void close() {
        gate.close();
    }

    private Answer post(String data, String... headers) {
        List<String> all = new ArrayList<>(ATTRIBUTES);
        all.addAll(List.of(headers));
        return gate.json(data, all.toArray(String[]::new));
    }

    private Map<String, String> properties(Answer accepted) {
        assertThat(accepted.status()).as(accepted.whole().body()).isEqualTo(202);
        return gate.topic.stored().getLast().event().properties();
    }

    @Test
    void headers_are_attributes_and_fill_what_the_body_leaves_out() {
        Answer answer =
                post(
                        with("accountId", "", "occurredAt", ""),
                        "CE-Subject",
                        "576",
                        "ce-time",
                        "2018-04-05T17:31:00Z",
                        "ce-region",
                        "east");

        assertThat(properties(answer))
                .isEqualTo(
                        Map.of(
                                "ce_specversion", "1.0",
                                "ce_type", TYPE,
                                "ce_source", "/bank/prague",
                                "ce_id", "171812",
                                "ce_subject", "576",
                                "ce_time", "2018-04-05T17:31:00Z",
                                "ce_region", "east"));
        OutgoingEvent<?> stored = gate.topic.stored().getLast().event();
        assertThat(stored.key()).hasToString("576");
        assertThat(stored.messageId()).isEqualTo(CloudEventId.of("/bank/prague", "171812"));
    }

    @Test
    void values_are_unquoted_and_percent_decoded_once() {
        assertThat(properties(post(with(), "ce-region", "Euro%20%E2%82%AC%20%f0%9f%98%80")))
                .containsEntry("ce_region", "Euro € 😀");
        assertThat(properties(post(with(), "ce-region", "%2541 and a space")))
                .containsEntry("ce_region", "%41 and a space");
        assertThat(properties(post(with(), "ce-region", "\"quoted \\\"%C3%A9\\\\\"")))
                .containsEntry("ce_region", "quoted \"é\\");
        assertThat(properties(post(with(), "ce-region", ""))).containsEntry("ce_region", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%C0%A0",
                "%ED%A0%80",
                "%E2%82",
                "%",
                "%4",
                "%4g",
                "%+1",
                "\"open",
                "\"a\"b",
                "\"a\\",
                "%00",
                "%0A",
                "%C2%85"
            })
    void a_value_that_is_no_percent_encoded_utf_8_or_holds_control_characters_is_refused(
            String value) {
        Answer answer = post(with(), "ce-region", value).isProblem(400, "invalid-event");

        assertThat(answer.errorFields()).containsExactly("ce-region");
    }

    @Test
    void a_header_beyond_ascii_is_refused() throws IOException {
        try (RawConnection connection = new RawConnection(gate.port())) {
            String body = with();
            String answer =
                    connection
                            .write(
                                    "POST "
                                            + RunningGate.LEDGER
                                            + " HTTP/1.1\r\nHost: gate\r\n"
                                            + "Content-Type: application/json\r\n"
                                            + "ce-specversion: 1.0\r\nce-type: "
                                            + TYPE
                                            + "\r\nce-source: /a\r\nce-id: é\r\nContent-Length: "
                                            + body.length()
                                            + "\r\n\r\n"
                                            + body)
                            .read();
            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"ce-id\"");
        }
    }

    @Test
    void errors_name_headers_and_places_in_the_body() {
        Answer answer =
                gate.json(
                                with("amountMinor", "0", "accountId", ""),
                                "ce-id",
                                "1",
                                "ce-source",
                                "a b",
                                "ce-subject",
                                "no spaces",
                                "ce-my_name",
                                "1",
                                "ce-data",
                                "1")
                        .isProblem(400, "invalid-event");

        assertThat(answer.errorFields())
                .containsExactlyInAnyOrder(
                        "ce-specversion",
                        "ce-source",
                        "ce-type",
                        "ce-my_name",
                        "ce-data",
                        "ce-subject",
                        "/amountMinor");
    }

    @Test
    void the_type_of_the_data_is_that_of_the_body_and_no_attribute_is_given_twice() {
        assertThat(post(with(), "ce-datacontenttype", "application/json").errorFields())
                .containsExactly("ce-datacontenttype");
        assertThat(post(with(), "ce-region", "a", "ce-region", "b").errorFields())
                .containsExactly("ce-region");
        assertThat(post(with(), "ce-id", "1").errorFields()).containsExactly("ce-id");
    }

    @Test
    void a_trace_may_be_an_attribute_or_the_requests() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        String other = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

        assertThat(properties(post(with(), "traceparent", trace)))
                .containsEntry("traceparent", trace);
        assertThat(properties(post(with(), "traceparent", trace, "ce-traceparent", other)))
                .containsEntry("traceparent", other)
                .doesNotContainKey("ce_traceparent");
    }

    @Test
    void it_is_one_event_in_one_json_object() {
        post("[" + with() + "]").isProblem(400, "invalid-body");
        post("7").isProblem(400, "invalid-body");
        gate.ndjson(with(), ATTRIBUTES.toArray(String[]::new)).isProblem(400, "invalid-request");

        assertThat(gate.topic.stored()).isEmpty();
    }

    @Test
    void in_the_other_modes_headers_only_repeat() {
        Answer answer =
                gate.post(
                        RunningGate.LEDGER, CloudEvents.ONE, CloudEvents.event(), "ce-id", "other");

        assertThat(properties(answer)).containsEntry("ce_id", "171812");
    }
}
