package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.CloudEvents.BATCH;
import static dev.millrace.adapters.http.CloudEvents.TYPE;
import static dev.millrace.adapters.http.Entries.with;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.cloudevents.CloudEventId;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.driven.OutgoingEvent;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.core.message.MessageWriter;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The project of CloudEvents has a sender of its own; what it sends is taken as it is meant. */
final class CloudEventsSdkTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final JsonFormat FORMAT = new JsonFormat();

    private final RunningGate gate = RunningGate.start();

    @AfterEach
    void close() {
        gate.close();
    }

    private static CloudEvent event(String id) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create("/bank/prague"))
                .withType(TYPE)
                .withSubject("576")
                .withTime(OffsetDateTime.parse("2018-04-05T19:31:00.123456+02:00"))
                .withExtension("region", "Praha 5")
                .withExtension("priority", 5)
                .withExtension("sampled", true)
                .withExtension("traceparent", TRACE)
                .withData(
                        "application/json",
                        with("accountId", "", "occurredAt", "").getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private HttpRequest.Builder request() {
        return gate.request(RunningGate.LEDGER);
    }

    private static MessageWriter<?, ?> writer(HttpRequest.Builder request) {
        return HttpMessageFactory.createWriter(
                request::header,
                body -> request.POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private Answer structured(CloudEvent event, EventFormat format) {
        HttpRequest.Builder request = request();
        writer(request).writeStructured(event, format);
        return gate.send(request);
    }

    private Answer binary(CloudEvent event) {
        HttpRequest.Builder request = request();
        writer(request).writeBinary(event);
        return gate.send(request);
    }

    private void assertTaken(Answer answer, String id) {
        assertThat(answer.status()).as(answer.whole().body()).isEqualTo(202);
        assertStored(gate.topic.stored().getLast().event(), id);
        assertThat(answer.text("/messageId"))
                .isEqualTo(CloudEventId.of("/bank/prague", id).value());
    }

    private static void assertStored(OutgoingEvent<LedgerEvent> stored, String id) {
        assertThat(stored.messageId()).isEqualTo(CloudEventId.of("/bank/prague", id));
        assertThat(stored.event().account().value()).isEqualTo("576");
        assertThat(stored.event().amount().minor()).isEqualTo(90_000);
        assertThat(stored.event().occurredAt())
                .isEqualTo(Instant.parse("2018-04-05T17:31:00.123456Z"));
        assertThat(stored.properties())
                .containsEntry("ce_id", id)
                .containsEntry("ce_source", "/bank/prague")
                .containsEntry("ce_region", "Praha 5")
                .containsEntry("ce_priority", "5")
                .containsEntry("ce_sampled", "true")
                .containsEntry("traceparent", TRACE);
    }

    @Test
    void what_the_sdk_sends_in_structured_mode_is_taken() {
        assertTaken(structured(event("s-1"), FORMAT), "s-1");
        assertTaken(structured(event("s-2"), FORMAT.withForceJsonDataToBase64()), "s-2");
    }

    @Test
    void what_the_sdk_sends_in_binary_mode_is_taken() {
        assertTaken(binary(event("b-1")), "b-1");
    }

    @Test
    void a_batch_of_what_the_sdk_writes_is_taken() {
        String batch =
                IntStream.range(0, 100)
                        .mapToObj(index -> FORMAT.serialize(event("batched-" + index)))
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .collect(Collectors.joining(",", "[", "]"));
        Answer answer = gate.post(RunningGate.LEDGER, BATCH, batch);

        assertThat(answer.status()).as(answer.whole().body()).isEqualTo(202);
        List<OutgoingEvent<LedgerEvent>> stored =
                gate.topic.stored().stream().map(each -> each.event()).toList();
        assertThat(stored).hasSize(100);
        IntStream.range(0, 100)
                .forEach(index -> assertStored(stored.get(index), "batched-" + index));
    }

    @Test
    void an_event_of_the_sdk_has_one_message_id_in_every_mode() {
        assertTaken(structured(event("same"), FORMAT), "same");
        assertTaken(binary(event("same")), "same");

        assertThat(gate.storedIds().stream().distinct()).hasSize(1);
    }
}
