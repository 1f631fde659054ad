package dev.millrace.adapters.pulsar;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;
import dev.millrace.ports.Stream;

import org.apache.avro.Schema;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Makes deliveries of messages. What is wrong with a message is said once, and for ever: only an
 * outage throws. Thread-safe.
 *
 * @param <E> the stream's event
 */
public final class Decoding<E> {

    private final Stream<E, ?, ?> stream;
    private final AvroCodec<E> codec;
    private final WriterSchemas schemas;

    /** Reads what was written with the schemas of one topic. */
    public Decoding(Stream<E, ?, ?> stream, AvroCodec<E> codec, WriterSchemas schemas) {
        this.stream = stream;
        this.codec = codec;
        this.schemas = schemas;
    }

    /**
     * Makes one delivery of each message.
     *
     * @throws dev.millrace.ports.Unavailable when a schema cannot be looked up
     */
    public List<Delivery<E>> decode(List<Message<byte[]>> messages) {
        List<Delivery<E>> deliveries = new ArrayList<>(messages.size());
        for (Message<byte[]> message : messages) {
            deliveries.add(decode(message));
        }
        return deliveries;
    }

    /** Where a message lies. */
    public static Position position(Message<byte[]> message) {
        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
        return new Position(
                id.getLedgerId(),
                id.getEntryId(),
                Math.max(0, id.getPartitionIndex()),
                Math.max(0, id.getBatchIndex()));
    }

    /** The message ID as found; empty when there is none. */
    public static String messageId(Message<byte[]> message) {
        return textOrEmpty(message.getProperty(WireNames.MESSAGE_ID));
    }

    private Delivery<E> decode(Message<byte[]> message) {
        byte @Nullable [] bytes = message.getData();
        byte @Nullable [] version = message.getSchemaVersion();
        Copy copy =
                new Copy(
                        position(message),
                        Instant.ofEpochMilli(message.getPublishTime()),
                        bytes == null ? Payload.EMPTY : Payload.copyOf(bytes),
                        version == null ? "" : name(version),
                        message.getProperties());
        if (bytes == null) {
            return undecodable(message, copy, "it has no payload");
        }
        if (version == null) {
            return undecodable(message, copy, "it has no schema version");
        }
        Optional<Schema> writer = schemas.find(version);
        if (writer.isEmpty()) {
            return undecodable(message, copy, "no schema is registered under its version");
        }
        return switch (codec.decode(writer.get(), bytes)) {
            case AvroCodec.Reading.Event<E>(E event) -> decoded(message, copy, event);
            case AvroCodec.Reading.Unreadable<E>(String why) -> undecodable(message, copy, why);
        };
    }

    private Delivery<E> decoded(Message<byte[]> message, Copy copy, E event) {
        Key key = stream.key().apply(event);
        if (!key.value().equals(message.getKey())) {
            return undecodable(message, copy, "its key is not that of its event");
        }
        MessageId messageId;
        try {
            messageId = new MessageId(messageId(message));
        } catch (InvalidValue broken) {
            return undecodable(
                    message, copy, "its property " + WireNames.MESSAGE_ID + " " + broken.rule());
        }
        return new Delivery.Decoded<>(messageId, key, event, stream.digest(event), copy);
    }

    private static <E> Delivery<E> undecodable(Message<byte[]> message, Copy copy, String cause) {
        return new Delivery.Undecodable<>(
                messageId(message), textOrEmpty(message.getKey()), cause, copy);
    }

    /** As the broker names it: a number, but for foreign ones. */
    private static String name(byte[] version) {
        return version.length == Long.BYTES
                ? Long.toString(ByteBuffer.wrap(version).getLong())
                : HexFormat.of().formatHex(version);
    }

    private static String textOrEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
