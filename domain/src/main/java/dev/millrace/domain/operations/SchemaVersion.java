package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A version of a stream's schema, as it is registered.
 *
 * @param own whether it is the one that this version of the program writes
 * @param definition in the words of the registry
 * @param fields what each field is, by its path, in the order of the definition
 */
public record SchemaVersion(
        long version,
        Instant registeredAt,
        boolean own,
        String definition,
        Map<String, String> fields) {

    public SchemaVersion {
        Objects.requireNonNull(registeredAt);
        Objects.requireNonNull(definition);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /**
     * One difference between two versions.
     *
     * @param field its path
     * @param before what it was; empty when it is new
     * @param after what it is; empty when it is gone
     */
    public record Change(String field, String before, String after) {
        public Change {
            Objects.requireNonNull(field);
            Objects.requireNonNull(before);
            Objects.requireNonNull(after);
        }

        /** What has become of the field, in one word. */
        public String word() {
            return before.isEmpty() ? "added" : after.isEmpty() ? "removed" : "changed";
        }
    }

    /** How it differs from an earlier version: its own fields in their order, then what is gone. */
    public List<Change> changesSince(SchemaVersion earlier) {
        List<Change> changes = new ArrayList<>();
        fields.forEach((field, after) -> {
            String before = earlier.fields.getOrDefault(field, "");
            if (!before.equals(after)) {
                changes.add(new Change(field, before, after));
            }
        });
        earlier.fields.forEach((field, before) -> {
            if (!fields.containsKey(field)) {
                changes.add(new Change(field, before, ""));
            }
        });
        return changes;
    }
}
