package dev.millrace.domain.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

final class SchemaVersionTest {

    @Test
    void a_version_tells_what_is_new_other_and_gone_since_another_one() {
        SchemaVersion first = version("key", "string", "by", "int", "fail", "boolean = false");
        SchemaVersion second = version("key", "string", "note", "string", "by", "long");

        assertThat(second.changesSince(first))
                .containsExactly(
                        new SchemaVersion.Change("note", "", "string"),
                        new SchemaVersion.Change("by", "int", "long"),
                        new SchemaVersion.Change("fail", "boolean = false", ""));
        assertThat(second.changesSince(first))
                .extracting(SchemaVersion.Change::word)
                .containsExactly("added", "changed", "removed");
        assertThat(second.changesSince(second)).isEmpty();
    }

    private static SchemaVersion version(String... fields) {
        Map<String, String> byPath = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            byPath.put(fields[i], fields[i + 1]);
        }
        return new SchemaVersion(0, Instant.EPOCH, false, "{}", byPath);
    }
}
