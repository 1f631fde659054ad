package dev.millrace.bootstrap.operations;

import tools.jackson.databind.JsonNode;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How answers are printed for a person: in columns, without what a terminal would obey. */
final class Screen {

    private static final String GAP = "  ";

    private Screen() {}

    /**
     * A column of a table.
     *
     * @param pointer to the value in a row, as a JSON pointer
     */
    record Column(String title, String pointer) {}

    /** Prints the rows below the columns' titles; a word when there are none. */
    static void table(PrintWriter out, List<Column> columns, List<JsonNode> rows) {
        if (rows.isEmpty()) {
            out.println("none");
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::title).toList());
        for (JsonNode row : rows) {
            lines.add(columns.stream().map(column -> text(row.at(column.pointer()))).toList());
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                text.append(pad(line.get(i), width(lines, i))).append(GAP);
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static int width(List<List<String>> lines, int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** Prints an object's members, a line each; what is nested stands below its name. */
    static void object(PrintWriter out, JsonNode object) {
        object(out, object, "");
    }

    private static void object(PrintWriter out, JsonNode object, String indent) {
        object.propertyStream()
                .forEach(member -> {
                    JsonNode value = member.getValue();
                    String name = indent + member.getKey();
                    if (value.isObject() && !value.isEmpty()) {
                        out.println(name);
                        object(out, value, indent + GAP);
                    } else if (value.isArray() && !value.isEmpty()) {
                        out.println(name);
                        elements(out, value, indent + GAP);
                    } else {
                        out.println(name + GAP + text(value));
                    }
                });
    }

    private static void elements(PrintWriter out, JsonNode array, String indent) {
        for (JsonNode element : array) {
            if (element.isObject()) {
                out.println(indent + "-");
                object(out, element, indent + GAP);
            } else {
                out.println(indent + text(element));
            }
        }
    }

    /** One value as one line. */
    static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "yes" : "no";
        }
        return printable(value.isValueNode() ? value.asString() : value.toString())
                .replaceAll("\\R", " ");
    }

    /** Without control characters, but for the ends of lines. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\r\\n]]", "?");
    }

    /** With thousands set apart. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
