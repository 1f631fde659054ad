package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.AvroCodec;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.adapters.pulsar.WriterSchemas;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.ports.driven.Decoder;

import org.apache.avro.Schema;

import java.util.Objects;
import java.util.Optional;

/**
 * Reads stored copies with the schemas that wrote them, which the broker keeps. Thread-safe.
 *
 * @param <E> the stream's event
 */
public final class PulsarDecoder<E> implements Decoder<E> {

    private final WriterSchemas schemas;
    private final AvroCodec<E> codec;

    /** Reads what came from this topic. */
    public PulsarDecoder(PulsarConnection connection, TopicName topic, AvroCodec<E> codec) {
        this.schemas = new WriterSchemas(connection, topic);
        this.codec = Objects.requireNonNull(codec);
    }

    @Override
    public Delivery<E> decode(ParkedEvent parked) {
        Optional<Schema> writer = schema(parked.copy().schemaVersion());
        if (writer.isEmpty()) {
            return undecodable(parked, "no schema is registered under its version");
        }
        return switch (codec.decode(writer.get(), parked.copy().payload().toByteArray())) {
            case AvroCodec.Reading.Event<E>(E event) ->
                    new Delivery.Decoded<>(
                            parked.messageId(),
                            parked.key(),
                            event,
                            parked.digest(),
                            parked.copy());
            case AvroCodec.Reading.Unreadable<E>(String why) -> undecodable(parked, why);
        };
    }

    private Optional<Schema> schema(String version) {
        try {
            return schemas.find(Long.parseLong(version));
        } catch (NumberFormatException foreign) {
            return Optional.empty();
        }
    }

    private static <E> Delivery<E> undecodable(ParkedEvent parked, String why) {
        return new Delivery.Undecodable<>(
                parked.messageId().value(), parked.key().value(), why, parked.copy());
    }
}
