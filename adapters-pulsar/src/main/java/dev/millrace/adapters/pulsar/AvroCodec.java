package dev.millrace.adapters.pulsar;

import dev.millrace.domain.InvalidValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * All that this adapter knows of a stream's business: its schema, and how an event becomes a record
 * of it and a record an event. Thread-safe, as its functions are pure.
 *
 * @param <E> the stream's event
 */
public final class AvroCodec<E> {

    /** What some bytes are. */
    public sealed interface Reading<E> {

        /** An event. */
        record Event<E>(E event) implements Reading<E> {
            public Event {
                Objects.requireNonNull(event);
            }
        }

        /** No event of this schema, whoever reads them and whenever. */
        record Unreadable<E>(String why) implements Reading<E> {
            public Unreadable {
                Objects.requireNonNull(why);
            }
        }
    }

    private final Schema schema;
    private final SpecificData model;
    private final Function<E, IndexedRecord> record;
    private final Function<IndexedRecord, E> event;

    /**
     * @param schema what this version of the program writes and reads; the contract that the broker
     *     enforces
     * @param record of an event, in this schema
     * @param event of a record in this schema; throws {@link InvalidValue} when it is none
     */
    public AvroCodec(
            Schema schema, Function<E, IndexedRecord> record, Function<IndexedRecord, E> event) {
        this.schema = Objects.requireNonNull(schema);
        this.model = SpecificData.getForSchema(schema);
        this.record = Objects.requireNonNull(record);
        this.event = Objects.requireNonNull(event);
    }

    /** What this version of the program writes and reads. */
    public Schema schema() {
        return schema;
    }

    /** The contract as the broker's client takes it: the values are bytes that are encoded already. */
    public org.apache.pulsar.client.api.Schema<byte[]> contract() {
        return new ContractSchema(schema);
    }

    /** An event as plain Avro binary. */
    public byte[] encode(E value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new SpecificDatumWriter<IndexedRecord>(schema, model)
                    .write(record.apply(value), encoder);
            encoder.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads bytes by the schema that they were written with.
     *
     * @param writer a schema that this one can read
     */
    public Reading<E> decode(Schema writer, byte[] bytes) {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
        IndexedRecord read;
        try {
            read =
                    new SpecificDatumReader<IndexedRecord>(writer, schema, model)
                            .read(null, decoder);
            if (!decoder.isEnd()) {
                return new Reading.Unreadable<>("bytes are left over behind the record");
            }
        } catch (IOException | RuntimeException malformed) {
            // Avro answers wrong bytes with exceptions of many kinds. As nothing but the bytes and
            // two schemas go in, none of them can be an outage.
            return new Reading.Unreadable<>("not a record of its schema: " + malformed);
        }
        try {
            return new Reading.Event<>(event.apply(read));
        } catch (InvalidValue broken) {
            return new Reading.Unreadable<>(broken.getMessage());
        }
    }
}
