package dev.millrace.e2e;

import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.schema.SchemaInfoProvider;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A producer's claim of a schema, whatever it then sends. */
record GivenSchema(SchemaType type, String definition) implements Schema<byte[]> {

    /** The schema that the stream's topic is registered with. */
    static GivenSchema contractOf(Site site) {
        String path = "/admin/v2/schemas/millrace/" + site.namespace() + "/ledger-entries/schema";
        String admin = site.endpoints().pulsarAdminUrl();
        return new GivenSchema(
                SchemaType.AVRO, Http.get(URI.create(admin + path)).json().get("data").asString());
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
