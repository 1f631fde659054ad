package dev.millrace.adapters.pulsar;

import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields of a schema in words: what readers and writers of it have to agree on. */
final class SchemaFields {

    private final Map<String, String> found = new LinkedHashMap<>();
    private final Set<String> under = new HashSet<>();

    private SchemaFields() {}

    /**
     * What each field is, by its path; what only people read, such as documentation, is left out.
     */
    static Map<String, String> of(Schema schema) {
        SchemaFields fields = new SchemaFields();
        fields.collect("", schema);
        return fields.found;
    }

    /** A record that holds itself is told once. */
    private void collect(String path, Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                if (under.add(schema.getFullName())) {
                    for (Schema.Field field : schema.getFields()) {
                        String name = path + field.name();
                        found.put(name, words(field.schema()) + words(field));
                        collect(name + ".", field.schema());
                    }
                    under.remove(schema.getFullName());
                }
            }
            case UNION -> schema.getTypes().forEach(type -> collect(path, type));
            case ARRAY -> collect(path, schema.getElementType());
            case MAP -> collect(path, schema.getValueType());
            default -> {}
        }
    }

    private static String words(Schema schema) {
        String logical =
                schema.getLogicalType() == null
                        ? ""
                        : " (" + schema.getLogicalType().getName() + ")";
        return switch (schema.getType()) {
                    case RECORD -> "record " + schema.getName();
                    case ENUM ->
                            "enum "
                                    + schema.getName()
                                    + " "
                                    + String.join("|", schema.getEnumSymbols());
                    case FIXED -> "fixed of " + schema.getFixedSize() + " bytes";
                    case ARRAY -> "array of " + words(schema.getElementType());
                    case MAP -> "map of " + words(schema.getValueType());
                    case UNION ->
                            schema.getTypes().stream()
                                    .map(SchemaFields::words)
                                    .collect(Collectors.joining(" or "));
                    default -> schema.getType().getName();
                }
                + logical;
    }

    private static String words(Schema.Field field) {
        return field.hasDefaultValue() ? ", " + defaultWords(field.defaultVal()) : "";
    }

    private static String defaultWords(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + text + "\" by default";
        }
        return (JsonProperties.NULL_VALUE.equals(value) ? "null" : value) + " by default";
    }
}
