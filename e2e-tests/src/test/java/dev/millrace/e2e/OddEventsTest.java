package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Events that are off the contract, undecodable, or another event under a taken message ID. */
class OddEventsTest {

    private static final String OTHER_RECORD =
            """
            {"type":"record","name":"Other","fields":[{"name":"anything","type":"string"}]}\
            """;

    @TempDir private static Path folder;
    private static Site site;
    private static ServiceProcess service;
    private static PulsarClient pulsar;

    @BeforeAll
    static void start() throws PulsarClientException {
        site = Site.on(Stacks.shared(), OddEventsTest.class);
        service =
                ServiceProcess.ready(
                        site,
                        folder,
                        Map.of("MILLRACE_PARTITIONS", "1", "MILLRACE_LOG_FORMAT", "json"));
        pulsar = PulsarClient.builder().serviceUrl(site.endpoints().pulsarServiceUrl()).build();
    }

    @AfterAll
    static void stop() throws PulsarClientException {
        pulsar.close();
        service.close();
    }

    @Test
    void a_producer_off_the_contract_is_refused_by_the_broker() {
        assertThatThrownBy(() -> produce(new GivenSchema(SchemaType.AVRO, OTHER_RECORD)))
                .isInstanceOf(PulsarClientException.IncompatibleSchemaException.class);
        assertThatThrownBy(() -> produce(Schema.BYTES))
                .isInstanceOf(PulsarClientException.IncompatibleSchemaException.class);
        assertThatThrownBy(() -> produce(Schema.STRING))
                .isInstanceOf(PulsarClientException.IncompatibleSchemaException.class);
    }

    private static <T> void produce(Schema<T> schema) throws PulsarClientException {
        pulsar.newProducer(schema).topic(site.topic()).create().close();
    }

    @Test
    void an_undecodable_payload_stalls_nothing_and_is_kept_as_it_is() throws Exception {
        byte[] garbage = Planted.PAYLOAD.getBytes(StandardCharsets.UTF_8);
        GivenSchema.contractOf(site).send(pulsar, site.topic(), "acc-odd", "odd-1", garbage);
        Report after =
                new Report("even-1", "acc-odd", "credit", 5, "CZK", Instant.EPOCH, Planted.PAYLOAD);
        assertThat(Prober.post(service.gate(), after).status()).isEqualTo(202);

        Database database = new Database(site);
        database.awaitCount("select count(*) from entry where message_id = 'even-1'", 1);
        database.awaitCount(
                "select count(*) from quarantine where reason = 'undecodable' and message_id ="
                        + " 'odd-1' and payload = convert_to('"
                        + Planted.PAYLOAD
                        + "', 'UTF8')",
                1);
    }

    @Test
    void another_event_under_a_taken_message_id_is_kept_and_visible_as_a_conflict() {
        Report first =
                new Report("same", "acc-1", "credit", 5, "CZK", Instant.EPOCH, Planted.PAYLOAD);
        Report other =
                new Report("same", "acc-1", "credit", 6, "CZK", Instant.EPOCH, Planted.PAYLOAD);
        assertThat(Prober.post(service.gate(), first).status()).isEqualTo(202);
        assertThat(Prober.post(service.gate(), other).status()).isEqualTo(202);

        new Database(site)
                .awaitCount(
                        "select count(*) from quarantine where reason = 'conflict' and message_id ="
                                + " 'same'",
                        1);
        JsonNode account = Http.get(service.gate().resolve("/v1/accounts/acc-1")).json();
        assertThat(account.get("balanceMinor").asLong()).isEqualTo(5);
        JsonNode message =
                Http.get(service.gate().resolve("/v1/streams/ledger-entries/messages/same")).json();
        assertThat(message.get("outcomes").findValuesAsString("state"))
                .containsExactlyInAnyOrder("applied", "quarantined");
        assertThat(message.get("outcomes").findValuesAsString("reason")).contains("conflict");
        String metrics = Http.get(service.management().resolve("/metrics")).body();
        assertThat(metrics.lines())
                .anyMatch(line ->
                        line.startsWith("millrace_processing_events_total")
                                && line.contains("outcome=\"conflict\"")
                                && line.endsWith(" 1.0"));

        await().until(() -> !linesAbout("same").isEmpty());
        JsonNode line = linesAbout("same").getFirst();
        assertThat(line.get("level").asString()).isEqualTo("WARN");
        assertThat(line.get("formattedMessage").asString()).endsWith("in quarantine: conflict");
        assertThat(line.get("kvpList").findValuesAsString("keyDigest"))
                .as("SHA-256 of acc-1")
                .containsExactly("cf9df9b99fc0a24b");
        assertThat(line.get("kvpList").findValuesAsString("position"))
                .containsExactly(
                        Http.get(service.management().resolve("/ops/v1/quarantine?messageId=same"))
                                .json()
                                .at("/events/0/position")
                                .asString());
    }

    /** Lines of the log that name the message ID; what is being written is left out. */
    private static List<JsonNode> linesAbout(String messageId) {
        return service.log()
                .lines()
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .map(JsonMapper.shared()::readTree)
                .filter(line ->
                        line.path("kvpList").findValuesAsString("messageId").contains(messageId))
                .toList();
    }
}
