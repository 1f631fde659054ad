package dev.millrace.adapters.pulsar;

import dev.millrace.domain.Key;
import dev.millrace.ports.counter.CountEvent;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/** The counter's events on the wire, in two versions of their schema. */
final class CounterCodec {

    private static final String BEFORE =
            """
            {"type": "record", "name": "Count", "namespace": "test", "fields": [
              {"name": "key", "type": "string"},
              {"name": "by", "type": "long"}\
            """;

    static final AvroCodec<CountEvent> FIRST =
            codec(BEFORE + ", {\"name\": \"fail\", \"type\": \"boolean\", \"default\": false}]}");

    /** Has one more field, with a default. */
    static final AvroCodec<CountEvent> SECOND =
            codec(
                    BEFORE
                            + ", {\"name\": \"note\", \"type\": \"string\", \"default\": \"-\"},"
                            + " {\"name\": \"fail\", \"type\": \"boolean\", \"default\": false}]}");

    /** Nothing that the first version could read. */
    static final AvroCodec<CountEvent> INCOMPATIBLE =
            codec(
                    BEFORE
                            + ", {\"name\": \"fail\", \"type\": \"boolean\"}, "
                            + "{\"name\": \"must\", \"type\": \"string\"}]}");

    private CounterCodec() {}

    private static AvroCodec<CountEvent> codec(String text) {
        Schema schema = new Schema.Parser().parse(text);
        return new AvroCodec<>(
                schema,
                () -> new GenericData.Record(schema),
                event -> record(schema, event),
                CounterCodec::event);
    }

    private static IndexedRecord record(Schema schema, CountEvent event) {
        GenericData.Record record = new GenericData.Record(schema);
        record.put("key", event.key().value());
        record.put("by", event.by());
        record.put("fail", event.fail());
        if (schema.getField("note") != null) {
            record.put("note", "x");
        }
        return record;
    }

    private static CountEvent event(IndexedRecord record) {
        Schema schema = record.getSchema();
        return new CountEvent(
                new Key(record.get(schema.getField("key").pos()).toString()),
                (Long) record.get(schema.getField("by").pos()),
                (Boolean) record.get(schema.getField("fail").pos()));
    }
}
