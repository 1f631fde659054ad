package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * CloudEvents of each mode, from the request to the books, and what lies beside them on the topic.
 */
class CloudEventsTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String DATA =
            "{\"type\":\"credit\",\"amountMinor\":7,\"currency\":\"CZK\"}";

    // printf '5:/bank6:%s' ID | openssl dgst -sha256 -binary | basenc --base64url
    private static final Map<String, String> MESSAGE_IDS =
            Map.of(
                    "one-ce", "ce:s0t9CnLyYjGZyL-MOcIf91fqOXiZxwfiUZ-ZDpP9DUo",
                    "two-ce", "ce:lfK-sd2RwQeKJ8xL3LzHiQ4xdWFLje3Oc7Wj3ym-97Q",
                    "six-ce", "ce:xnSrs4foO7Icrj9t7qDylCx1zdGON97wOjwGzJxGn-M");

    @TempDir private static Path folder;
    private static Site site;
    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        site = Site.on(Stacks.shared(), CloudEventsTest.class);
        service = ServiceProcess.ready(site, folder, Map.of("MILLRACE_PARTITIONS", "1"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void each_mode_is_booked_once_however_often_it_is_sent() throws IOException {
        for (int time = 0; time < 2; time++) {
            post(Map.of("Content-Type", "application/cloudevents+json"), structured("one-ce"));
            post(
                    Map.of("Content-Type", "application/cloudevents-batch+json"),
                    "[" + structured("two-ce") + "]");
            post(
                    Map.of(
                            "Content-Type", "application/json",
                            "ce-specversion", "1.0",
                            "ce-type", "millrace.ledger-entries.v1",
                            "ce-source", "/bank",
                            "ce-id", "six-ce",
                            "ce-subject", "acc-ce",
                            "ce-time", "1993-01-01T00:00:00Z",
                            "ce-region", "v%C3%BDchod",
                            "traceparent", TRACE),
                    DATA);
        }

        new Database(site).awaitCount("select coalesce(sum(copies), 0) from inbox_record", 6);
        JsonNode account = Http.get(service.gate().resolve("/v1/accounts/acc-ce")).json();
        assertThat(account.get("balanceMinor").asLong()).isEqualTo(21);
        for (String messageId : MESSAGE_IDS.values()) {
            String path = "/v1/streams/ledger-entries/messages/" + messageId;
            JsonNode message = Http.get(service.gate().resolve(path)).json();
            assertThat(message.get("outcomes").findValuesAsString("state"))
                    .containsExactly("applied");
        }
        Map<String, Map<String, String>> properties = propertiesOnTheTopic();
        assertThat(properties.keySet()).containsExactlyInAnyOrderElementsOf(MESSAGE_IDS.values());
        MESSAGE_IDS.forEach((id, messageId) ->
                assertThat(properties.get(messageId))
                        .containsEntry("ce_id", id)
                        .containsEntry("ce_source", "/bank")
                        .containsEntry("ce_subject", "acc-ce")
                        .containsEntry("ce_region", "východ")
                        .hasEntrySatisfying(
                                "traceparent",
                                parent -> assertThat(parent).startsWith(TRACE.substring(0, 36))));
    }

    private static void post(Map<String, String> headers, String body) {
        Http.Answer answer =
                Http.post(
                        service.gate().resolve("/v1/streams/ledger-entries/events"), headers, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    }

    private static String structured(String id) {
        return """
        {"specversion":"1.0","type":"millrace.ledger-entries.v1","source":"/bank","id":"%s",\
        "subject":"acc-ce","time":"1993-01-01T00:00:00Z","region":"východ","traceparent":"%s",\
        "data":%s}\
        """
                .formatted(id, TRACE, DATA);
    }

    /**
     * The properties of all messages, by the message ID. A reader of the whole topic may say that
     * nothing is left while it moves a message from a partition's queue to its own, so the one
     * partition is read.
     */
    private static Map<String, Map<String, String>> propertiesOnTheTopic() throws IOException {
        Map<String, Map<String, String>> found = new TreeMap<>();
        try (PulsarClient pulsar =
                        PulsarClient.builder()
                                .serviceUrl(site.endpoints().pulsarServiceUrl())
                                .build();
                Reader<byte[]> reader =
                        pulsar.newReader()
                                .topic(site.topic() + "-partition-0")
                                .startMessageId(MessageId.earliest)
                                .create()) {
            while (reader.hasMessageAvailable()) {
                Message<byte[]> message = reader.readNext(10, TimeUnit.SECONDS);
                found.put(message.getProperty("millrace-message-id"), message.getProperties());
            }
        }
        return found;
    }
}
