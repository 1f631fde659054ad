package dev.millrace.bootstrap.send;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;

import dev.millrace.domain.InvalidValue;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A table with a header. A column becomes a field as the {@link ColumnMapping} says; an empty cell
 * is an absent field.
 */
final class CsvFile implements EventFile {

    private final CsvReader<CsvRecord> reader;
    private final CloseableIterator<CsvRecord> records;
    private final List<ColumnMapping.Column> columns;
    private final Map<String, String> constants;
    private final int width;
    private final EventFields fields;
    private final Supplier<String> messageIds;
    private final JsonMapper json = JsonMapper.shared();

    /**
     * @throws Mistake when the file has no header, or one that does not fit the mapping
     */
    CsvFile(
            InputStream input,
            EventFields fields,
            ColumnMapping mapping,
            Supplier<String> messageIds) {
        this.reader =
                CsvReader.builder()
                        .detectBomHeader(true)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .ofCsvRecord(input, StandardCharsets.UTF_8);
        this.records = reader.iterator();
        this.fields = fields;
        this.messageIds = messageIds;
        List<String> header =
                record().orElseThrow(() ->
                                new Mistake("the file is empty: a CSV file starts with a header"))
                        .getFields();
        this.columns = mapping.columns(header, fields);
        this.constants = mapping.constants();
        this.width = header.size();
    }

    @Override
    public Optional<Line> next() {
        return record().map(this::line);
    }

    private Optional<CsvRecord> record() {
        try {
            return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
        } catch (CsvParseException | UncheckedIOException unreadable) {
            throw new Mistake(
                    "the CSV file cannot be read on: " + innermost(unreadable), unreadable);
        }
    }

    private static String innermost(Throwable failure) {
        return String.valueOf(
                failure.getCause() == null
                        ? failure.getMessage()
                        : failure.getCause().getMessage());
    }

    private Line line(CsvRecord row) {
        long number = row.getStartingLineNumber();
        if (row.getFieldCount() != width) {
            return new Line.Refused(
                    number,
                    "has " + row.getFieldCount() + " columns where the header has " + width);
        }
        ObjectNode event = json.createObjectNode();
        try {
            for (ColumnMapping.Column column : columns) {
                put(event, column.field(), row.getField(column.index()));
            }
            constants.forEach((field, value) -> put(event, field, value));
        } catch (InvalidValue invalid) {
            return new Line.Refused(number, invalid.field() + " " + invalid.rule());
        }
        if (!event.has(EventFields.MESSAGE_ID)) {
            event.put(EventFields.MESSAGE_ID, messageIds.get());
        }
        String key = event.path(fields.key()).asString("");
        return new Line.Event(number, key, json.writeValueAsString(event));
    }

    private void put(ObjectNode event, String field, String text) {
        if (!text.isEmpty()) {
            fields.type(field).put(event, field, text);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
