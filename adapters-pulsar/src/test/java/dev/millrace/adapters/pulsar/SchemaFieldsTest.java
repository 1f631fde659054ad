package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class SchemaFieldsTest {

    @Test
    void every_field_is_told_by_its_path_with_its_type_and_default() {
        Schema schema =
                new Schema.Parser()
                        .parse(
                                """
                                {"type": "record", "name": "Order", "doc": "left out", "fields": [
                                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                                  {"name": "note", "type": ["null", "string"], "default": null},
                                  {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN", "DONE"]}},
                                  {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line",
                                    "fields": [{"name": "amount", "type": "int", "default": 1}, {"name": "of", "type": ["null", "Order"]}]}}}
                                ]}
                                """);

        assertThat(SchemaFields.of(schema))
                .containsExactly(
                        entry("at", "long (timestamp-micros)"),
                        entry("note", "null or string, null by default"),
                        entry("state", "enum State OPEN|DONE"),
                        entry("lines", "array of record Line"),
                        entry("lines.amount", "int, 1 by default"),
                        entry("lines.of", "null or record Order"));
    }
}
