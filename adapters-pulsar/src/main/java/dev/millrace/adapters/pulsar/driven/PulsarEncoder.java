package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.AvroCodec;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.Content;
import dev.millrace.domain.Payload;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.Encoder;

import org.apache.pulsar.client.admin.PulsarAdminException;

import java.util.Objects;

/**
 * Writes events as the publisher does, with the version under which the broker has their schema.
 * Thread-safe.
 *
 * @param <E> the stream's event
 */
public final class PulsarEncoder<E> implements Encoder<E> {

    private final PulsarConnection connection;
    private final TopicName topic;
    private final AvroCodec<E> codec;

    /** Writes for this topic. */
    public PulsarEncoder(PulsarConnection connection, TopicName topic, AvroCodec<E> codec) {
        this.connection = Objects.requireNonNull(connection);
        this.topic = Objects.requireNonNull(topic);
        this.codec = Objects.requireNonNull(codec);
    }

    @Override
    public Content encode(E event) {
        try {
            Long version =
                    connection
                            .admin()
                            .schemas()
                            .getVersionBySchema(topic.toString(), codec.contract().getSchemaInfo());
            if (version == null || version < 0) {
                throw new Unavailable("the broker does not have the schema of " + topic + " yet");
            }
            return new Content(version.toString(), Payload.copyOf(codec.encode(event)));
        } catch (PulsarAdminException failure) {
            throw new Unavailable(
                    "the broker does not tell the version of the schema of " + topic, failure);
        }
    }
}
