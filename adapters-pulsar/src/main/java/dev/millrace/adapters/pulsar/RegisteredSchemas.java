package dev.millrace.adapters.pulsar;

import dev.millrace.domain.operations.SchemaVersion;
import dev.millrace.ports.Unavailable;

import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.admin.Schemas;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The versions of a topic's schema, as the broker's registry has them. Thread-safe. */
public final class RegisteredSchemas {

    /** Of more versions than a person compares, the latest are told. */
    private static final long MOST = 50;

    private final PulsarConnection connection;
    private final String topic;
    private final AvroCodec<?> codec;

    /**
     * @param codec of this version of the program
     */
    public RegisteredSchemas(PulsarConnection connection, TopicName topic, AvroCodec<?> codec) {
        this.connection = Objects.requireNonNull(connection);
        this.topic = topic.toString();
        this.codec = Objects.requireNonNull(codec);
    }

    /**
     * The latest versions, the oldest first.
     *
     * @throws Unavailable when the broker does not answer
     */
    public List<SchemaVersion> versions() {
        Schemas schemas = connection.admin().schemas();
        List<SchemaVersion> versions = new ArrayList<>();
        try {
            long latest = schemas.getSchemaInfoWithVersion(topic).getVersion();
            for (long version = Math.max(0, latest - MOST + 1); version <= latest; version++) {
                find(schemas, version).ifPresent(versions::add);
            }
        } catch (PulsarAdminException.NotFoundException _) {
            return List.of();
        } catch (PulsarAdminException failure) {
            throw new Unavailable("the broker does not tell the schemas of " + topic, failure);
        }
        return versions;
    }

    private Optional<SchemaVersion> find(Schemas schemas, long version)
            throws PulsarAdminException {
        try {
            return Optional.of(version(version, schemas.getSchemaInfo(topic, version)));
        } catch (PulsarAdminException.NotFoundException _) {
            return Optional.empty();
        }
    }

    private SchemaVersion version(long version, SchemaInfo info) {
        Optional<Schema> schema = parsed(info);
        return new SchemaVersion(
                version,
                Instant.ofEpochMilli(info.getTimestamp()),
                schema.equals(Optional.of(codec.schema())),
                info.getSchemaDefinition(),
                schema.map(SchemaFields::of).orElse(Map.of()));
    }

    private static Optional<Schema> parsed(SchemaInfo info) {
        try {
            return info.getType() == SchemaType.AVRO
                    ? Optional.of(new Schema.Parser().parse(info.getSchemaDefinition()))
                    : Optional.empty();
        } catch (SchemaParseException _) {
            return Optional.empty();
        }
    }
}
