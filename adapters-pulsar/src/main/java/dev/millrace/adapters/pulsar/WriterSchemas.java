package dev.millrace.adapters.pulsar;

import dev.millrace.ports.Unavailable;

import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The registered schemas of a topic by their versions, each looked up once, as none ever changes.
 * The client's own look-up cannot be used: it does not tell an outage from bytes that nobody can
 * read. Thread-safe.
 */
public final class WriterSchemas {

    private final PulsarConnection connection;
    private final TopicName topic;
    private final Map<Long, Schema> known = new ConcurrentHashMap<>();

    /** The schemas of one topic. */
    public WriterSchemas(PulsarConnection connection, TopicName topic) {
        this.connection = connection;
        this.topic = topic;
    }

    /**
     * Looks one up by its version as it stands on a message.
     *
     * @return empty when no Avro schema is registered under it
     * @throws Unavailable when the broker does not answer
     */
    public Optional<Schema> find(byte[] version) {
        return version.length == Long.BYTES
                ? find(ByteBuffer.wrap(version).getLong())
                : Optional.empty();
    }

    /**
     * Looks one up.
     *
     * @return empty when no Avro schema is registered under it
     * @throws Unavailable when the broker does not answer
     */
    public Optional<Schema> find(long version) {
        Schema present = known.get(version);
        if (present != null) {
            return Optional.of(present);
        }
        Optional<Schema> found = ask(version);
        found.ifPresent(schema -> known.put(version, schema));
        return found;
    }

    private Optional<Schema> ask(long version) {
        try {
            SchemaInfo info = connection.admin().schemas().getSchemaInfo(topic.toString(), version);
            return info.getType() == SchemaType.AVRO
                    ? Optional.of(new Schema.Parser().parse(info.getSchemaDefinition()))
                    : Optional.empty();
        } catch (PulsarAdminException.NotFoundException | SchemaParseException _) {
            return Optional.empty();
        } catch (PulsarAdminException failure) {
            throw new Unavailable(
                    "the broker does not tell version " + version + " of the schema of " + topic,
                    failure);
        }
    }
}
