package dev.millrace.bootstrap.send;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which column of a table becomes which field.
 *
 * @param columns the column's name by the field's; when empty, each column is the field of its
 *     name, and otherwise the columns that are not named are left out
 * @param constants values of fields that no column has
 */
record ColumnMapping(Map<String, String> columns, Map<String, String> constants) {

    /** A field and the place of its column. */
    record Column(String field, int index) {}

    ColumnMapping {
        columns = Map.copyOf(columns);
        constants = Map.copyOf(constants);
    }

    boolean isEmpty() {
        return columns.isEmpty() && constants.isEmpty();
    }

    /**
     * Finds the columns in a header.
     *
     * @throws Mistake naming all that does not fit
     */
    List<Column> columns(List<String> header, EventFields fields) {
        Map<String, Integer> places = places(header);
        Map<String, String> wanted = new TreeMap<>(columns);
        if (wanted.isEmpty()) {
            header.forEach(name -> wanted.put(name, name));
        }
        List<String> mistakes = new ArrayList<>();
        wanted.forEach((field, column) -> {
            if (!places.containsKey(column)) {
                mistakes.add(
                        "there is no column "
                                + column
                                + " for "
                                + field
                                + "; the columns are "
                                + String.join(", ", header));
            }
            if (constants.containsKey(field)) {
                mistakes.add(field + " comes from the column " + column + " and from --set");
            }
        });
        List<String> unknown =
                Stream.concat(wanted.keySet().stream(), constants.keySet().stream())
                        .filter(field -> !fields.knows(field))
                        .sorted()
                        .toList();
        if (!unknown.isEmpty()) {
            mistakes.add(
                    "an event of "
                            + fields.stream()
                            + " has no field "
                            + String.join(", ", unknown)
                            + "; its fields are "
                            + String.join(", ", new TreeSet<>(fields.types().keySet()))
                            + (columns.isEmpty()
                                    ? ".\nName the columns to take with --map field=column"
                                    : ""));
        }
        if (!mistakes.isEmpty()) {
            throw new Mistake(String.join("\n", mistakes));
        }
        return wanted.entrySet().stream()
                .map(entry -> new Column(entry.getKey(), places.getOrDefault(entry.getValue(), -1)))
                .toList();
    }

    private static Map<String, Integer> places(List<String> header) {
        Map<String, Integer> places = new TreeMap<>();
        for (int i = 0; i < header.size(); i++) {
            if (places.put(header.get(i), i) != null) {
                throw new Mistake("the header names the column " + header.get(i) + " twice");
            }
        }
        return places;
    }
}
