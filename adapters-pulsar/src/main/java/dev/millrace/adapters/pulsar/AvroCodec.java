package dev.millrace.adapters.pulsar;

import dev.millrace.domain.InvalidValue;

import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

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
    private final Model model;
    private final Function<E, IndexedRecord> record;
    private final Function<IndexedRecord, E> event;

    /**
     * @param schema what this version of the program writes and reads; the contract that the broker
     *     enforces
     * @param blank makes an empty record of this schema
     * @param record of an event, in this schema
     * @param event of a record in this schema; throws {@link InvalidValue} when it is none
     */
    public AvroCodec(
            Schema schema,
            Supplier<IndexedRecord> blank,
            Function<E, IndexedRecord> record,
            Function<IndexedRecord, E> event) {
        this.schema = Objects.requireNonNull(schema);
        this.model = new Model(schema, blank);
        this.record = Objects.requireNonNull(record);
        this.event = Objects.requireNonNull(event);
    }

    /** What this version of the program writes and reads. */
    public Schema schema() {
        return schema;
    }

    /**
     * The contract as the broker's client takes it: the values are bytes that are encoded already.
     */
    public org.apache.pulsar.client.api.Schema<byte[]> contract() {
        return new ContractSchema(schema);
    }

    /** An event as plain Avro binary. */
    public byte[] encode(E value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<IndexedRecord>(schema, model)
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
            read = new GenericDatumReader<IndexedRecord>(writer, schema, model).read(null, decoder);
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
            return new Reading.Unreadable<>(broken.field() + " " + broken.rule());
        }
    }

    /**
     * How records are made and their fields converted. Avro's own model for generated classes looks
     * them up by the names that a schema gives, which it rightly distrusts unless told otherwise
     * for the whole process; here the class is known.
     */
    private static final class Model extends GenericData {
        private final Schema schema;
        private final Supplier<IndexedRecord> blank;

        @SuppressWarnings("this-escape") // The class is final, and its parent only adds to a map.
        Model(Schema schema, Supplier<IndexedRecord> blank) {
            this.schema = schema;
            this.blank = Objects.requireNonNull(blank);
            addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        }

        @Override
        public Object newRecord(@Nullable Object old, Schema wanted) {
            return wanted.equals(schema) ? blank.get() : super.newRecord(old, wanted);
        }
    }
}
