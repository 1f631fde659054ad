package dev.millrace.bootstrap.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.bootstrap.send.ledger.LedgerFields;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class CsvFileTest {

    private static final ColumnMapping BANK =
            new ColumnMapping(
                    Map.of(
                            "messageId", "transaction_id",
                            "accountId", "account_id",
                            "occurredAt", "date",
                            "type", "type",
                            "amountMinor", "amount_minor",
                            "description", "operation"),
                    Map.of("currency", "CZK"));
    private static final ColumnMapping NONE = new ColumnMapping(Map.of(), Map.of());
    private static final String HEADER =
            "transaction_id,account_id,date,type,operation,amount_minor,balance_after_minor\n";

    @Test
    void each_column_becomes_the_value_that_its_field_demands() throws Exception {
        List<Line> lines =
                read(HEADER + "171812,576,1993-01-01,credit,cash deposit,90000,90000\n", BANK);

        assertThat(lines)
                .containsExactly(
                        new Line.Event(
                                2,
                                "576",
                                "{\"accountId\":\"576\",\"amountMinor\":90000,\"description\":\"cash"
                                    + " deposit\","
                                    + "\"messageId\":\"171812\",\"occurredAt\":\"1993-01-01T00:00:00Z\","
                                    + "\"type\":\"credit\",\"currency\":\"CZK\"}"));
    }

    @Test
    void an_empty_cell_is_an_absent_field() throws Exception {
        List<Line> lines = read(HEADER + "1,2,1993-01-01,credit,,5,5\n", BANK);

        assertThat(json(lines.getFirst())).doesNotContain("description");
    }

    @Test
    void a_time_with_an_offset_stays_as_it_is() throws Exception {
        List<Line> lines = read("accountId,occurredAt\nx,2024-02-29T10:00:00+01:00\n", NONE);

        assertThat(json(lines.getFirst())).contains("\"occurredAt\":\"2024-02-29T10:00:00+01:00\"");
    }

    @Test
    void what_is_not_of_its_type_is_refused_with_its_line() throws Exception {
        List<Line> lines =
                read(
                        "accountId,amountMinor,occurredAt\nx,1.5,\nx,,2023-02-29\nx,1\n\"x\",-7,\n",
                        NONE);

        assertThat(lines.subList(0, 3))
                .containsExactly(
                        new Line.Refused(2, "amountMinor must be a whole number"),
                        new Line.Refused(
                                3,
                                "occurredAt must be a day that exists, or a time with an offset"),
                        new Line.Refused(4, "has 2 columns where the header has 3"));
        assertThat(lines.get(3)).isInstanceOf(Line.Event.class);
    }

    @Test
    void a_column_that_is_not_there_is_named_with_those_that_are() {
        assertThatExceptionOfType(Mistake.class)
                .isThrownBy(() ->
                        read("a,b\n1,2\n", new ColumnMapping(Map.of("accountId", "c"), Map.of())))
                .withMessage("there is no column c for accountId; the columns are a, b");
    }

    @Test
    void a_field_that_is_not_there_is_named_with_those_that_are() {
        assertThatExceptionOfType(Mistake.class)
                .isThrownBy(() -> read(HEADER, NONE))
                .withMessageContaining(
                        "an event of ledger-entries has no field account_id, amount_minor,")
                .withMessageContaining("its fields are accountId, amountMinor,")
                .withMessageContaining("Name the columns to take with --map field=column");
    }

    @Test
    void a_field_has_one_source() {
        assertThatExceptionOfType(Mistake.class)
                .isThrownBy(() ->
                        read(
                                "type\n",
                                new ColumnMapping(
                                        Map.of("type", "type"), Map.of("type", "credit"))))
                .withMessage("type comes from the column type and from --set");
    }

    @Test
    void an_empty_file_has_no_header() {
        assertThatExceptionOfType(Mistake.class)
                .isThrownBy(() -> read("", NONE))
                .withMessageContaining("header");
    }

    @Test
    void quotes_commas_and_line_breaks_in_a_cell_are_text() throws Exception {
        List<Line> lines = read("accountId,description\nx,\"a \"\"b\"\", c\nd\"\ny,e\n", NONE);

        assertThat(json(lines.getFirst())).contains("a \\\"b\\\", c\\nd");
        assertThat(lines.getLast().number()).isEqualTo(4);
    }

    private static String json(Line line) {
        return ((Line.Event) line).json();
    }

    private static List<Line> read(String text, ColumnMapping mapping) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (EventFile file =
                new CsvFile(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                        LedgerFields.FIELDS,
                        mapping,
                        () -> "assigned")) {
            Optional<Line> line = file.next();
            while (line.isPresent()) {
                lines.add(line.get());
                line = file.next();
            }
        }
        return lines;
    }
}
