package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.schema.SchemaInfoProvider;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A producer's claim of a schema, whatever it then sends. */
record GivenSchema(SchemaType type, String definition) implements Schema<byte[]> {

    /** The schema that the stream's topic is registered with. */
    static GivenSchema contractOf(Site site) {
        return new GivenSchema(
                SchemaType.AVRO, Http.get(registered(site)).json().get("data").asString());
    }

    /** The same schema with one more field. */
    GivenSchema with(String field) {
        ObjectNode record = (ObjectNode) JsonMapper.shared().readTree(definition);
        record.withArray("fields")
                .addObject()
                .put("name", field)
                .put("type", "string")
                .put("default", "");
        return new GivenSchema(type, record.toString());
    }

    /** Registers it with the stream's topic, as a later release of the service would. */
    void register(Site site) {
        String body =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("type", type.name())
                        .put("schema", definition)
                        .toString();
        Http.Answer answer = Http.post(registered(site), "application/json", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static URI registered(Site site) {
        return URI.create(
                site.endpoints().pulsarAdminUrl()
                        + "/admin/v2/schemas/millrace/"
                        + site.namespace()
                        + "/ledger-entries/schema");
    }

    /**
     * Publishes bytes as an event of this key, whatever they are, and returns once they are kept.
     */
    void send(PulsarClient pulsar, String topic, String key, String messageId, byte[] payload)
            throws PulsarClientException {
        try (Producer<byte[]> producer = pulsar.newProducer(this).topic(topic).create()) {
            producer.newMessage()
                    .key(key)
                    .property("millrace-message-id", messageId)
                    .value(payload)
                    .send();
        }
    }

    @Override
    public byte[] encode(byte[] message) {
        return message;
    }

    @Override
    public byte[] decode(byte[] bytes) {
        return bytes;
    }

    @Override
    public SchemaInfo getSchemaInfo() {
        return SchemaInfo.builder()
                .name("given")
                .type(type)
                .schema(definition.getBytes(StandardCharsets.UTF_8))
                .properties(Map.of())
                .build();
    }

    @Override
    public void setSchemaInfoProvider(SchemaInfoProvider provider) {}

    @Override
    public Schema<byte[]> clone() {
        return this;
    }
}
