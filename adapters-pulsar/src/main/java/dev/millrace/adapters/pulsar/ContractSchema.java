package dev.millrace.adapters.pulsar;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

import java.nio.charset.StandardCharsets;

/**
 * Shows the broker an Avro schema and passes bytes through. The client hides its own copy of Avro,
 * so that its Avro schemas cannot be given ours.
 */
final class ContractSchema implements Schema<byte[]> {

    private final SchemaInfo info;

    ContractSchema(org.apache.avro.Schema schema) {
        info =
                SchemaInfo.builder()
                        .name(schema.getName())
                        .type(SchemaType.AVRO)
                        .schema(schema.toString().getBytes(StandardCharsets.UTF_8))
                        .build();
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
        return info;
    }

    /** Immutable, so one is as good as many. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public Schema<byte[]> clone() {
        return this;
    }
}
