package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.with;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the gate answers to unusual JSON: the rows of the table in {@code docs/gate.md}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JsonStrictnessTest {

    @AutoClose private final RunningGate gate = RunningGate.start();

    /**
     * @param what is sent, as the page has it
     * @param body each character one byte
     * @param type of the problem; empty for an event that is accepted
     * @param pointers to the fields that the problem names
     */
    record Row(String what, String body, int status, String type, List<String> pointers) {

        static Row accepted(String what, String body) {
            return new Row(what, utf8(body), 202, "", List.of());
        }

        static Row field(String what, String body, String... pointers) {
            return new Row(what, utf8(body), 400, "invalid-event", List.of(pointers));
        }

        static Row body(String what, String body) {
            return new Row(what, utf8(body), 400, "invalid-body", List.of());
        }

        static Row bytes(String what, String body) {
            return new Row(what, body, 400, "invalid-body", List.of());
        }

        static Row none(String what, String body) {
            return new Row(what, body, 400, "no-event", List.of());
        }

        /** Whether it stays one line, and an item as it is a body. */
        boolean isLine() {
            return type.equals("invalid-event")
                    || (!type.equals("no-event")
                            && !body.strip().contains("\n")
                            && !what.matches("UTF-16|UTF-32|a byte order mark|.* by itself"));
        }

        private static String shown(String pointer) {
            return pointer.isEmpty()
                    ? "the event itself"
                    : "`" + (pointer.length() > 40 ? pointer.substring(0, 4) + "…" : pointer) + "`";
        }

        @Override
        public String toString() {
            return "| %s | %d%s | %s |"
                    .formatted(
                            what,
                            status,
                            type.isEmpty() ? "" : " `" + type + "`",
                            pointers.stream().map(Row::shown).collect(Collectors.joining(", ")));
        }
    }

    private static String utf8(String text) {
        return encoded(text, StandardCharsets.UTF_8);
    }

    private static String encoded(String text, Charset charset) {
        return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
    }

    /** A good event in which these bytes, each one character, are the description. */
    private static String described(String bytes) {
        return with("description", "\"" + bytes + "\"");
    }

    private static String members(int count) {
        return with(
                IntStream.range(0, count)
                        .boxed()
                        .flatMap(i -> Stream.of("f" + i, "1"))
                        .toArray(String[]::new));
    }

    static Stream<Row> rows() {
        return Stream.of(fields(), numbers(), texts(), encodings(), syntax(), sizes())
                .flatMap(List::stream);
    }

    private static List<Row> fields() {
        return List.of(
                Row.field("a field that is missing", with("currency", ""), "/currency"),
                Row.field("a field that nobody knows", with("colour", "{\"a\":[1]}"), "/colour"),
                Row.field("the same with `/` and `~` in its name", with("a/b~c", "1"), "/a~1b~0c"),
                Row.field("a name in another case", with("Currency", "\"CZK\""), "/Currency"),
                Row.field(
                        "a field given twice, with one value or two",
                        with().replace("{", "{\"currency\":\"CZK\","),
                        "/currency"),
                Row.field(
                        "`null`, also where a field is optional",
                        with("description", "null"),
                        "/description"),
                Row.field("a number where a text is meant", with("accountId", "576"), "/accountId"),
                Row.field(
                        "a text where a number is meant",
                        with("amountMinor", "\"1\""),
                        "/amountMinor"),
                Row.field(
                        "`true`, an object or an array where either is meant",
                        with("type", "[\"credit\"]"),
                        "/type"),
                Row.field(
                        "several of these: all are told at once",
                        with("type", "1", "currency", "", "amountMinor", "0", "colour", "1"),
                        "/type",
                        "/amountMinor",
                        "/currency",
                        "/colour"));
    }

    private static List<Row> numbers() {
        List<Row> rows = new ArrayList<>();
        for (String number : List.of("1.0", "1e3", "1E400", "1e-400", "-0", "-0.0", "0", "-1")) {
            rows.add(
                    Row.field(
                            "the number `" + number + "`",
                            with("amountMinor", number),
                            "/amountMinor"));
        }
        rows.add(
                Row.field(
                        "2^53, which the ledger's amounts end before",
                        with("amountMinor", "9007199254740992"),
                        "/amountMinor"));
        rows.add(Row.field("2^63", with("amountMinor", "9223372036854775808"), "/amountMinor"));
        rows.add(
                Row.field(
                        "a number of 40 digits",
                        with("amountMinor", "1".repeat(40)),
                        "/amountMinor"));
        rows.add(Row.body("a number of 41 digits", with("amountMinor", "1".repeat(41))));
        for (String number : List.of("01", "+1", ".5", "1.", "0x1", "NaN", "Infinity")) {
            rows.add(Row.body("the number `" + number + "`", with("amountMinor", number)));
        }
        return rows;
    }

    private static List<Row> texts() {
        return List.of(
                Row.accepted(
                        "a text with any character but the two kinds below, as itself or escaped",
                        described(
                                "\u007f \u00e9 \\u00e9 \\/ \\n"
                                        + " \\u0001 \ufdd0 \uffff \\uD83D\\uDE00 😀")),
                Row.field("U+0000 in a text, escaped", described("a\\u0000"), "/description"),
                Row.field(
                        "a lone surrogate in a text, escaped",
                        described("\\uD83Dx"),
                        "/description"),
                Row.field(
                        "a pair of surrogates in the wrong order",
                        described("\\uDE00\\uD83D"),
                        "/description"),
                Row.body("a lone surrogate in a name, escaped", with("\\uD83D", "1")),
                Row.body("a control character in a text, as itself", described("a\u0001")),
                Row.body("U+0000 in a text, as itself", described("a\0")),
                Row.body("an escape that JSON does not have", described("\\x41")),
                Row.field("a text of 501 characters", described("x".repeat(501)), "/description"),
                Row.field(
                        "an identifier with a blank", with("accountId", "\"a b\""), "/accountId"));
    }

    private static List<Row> encodings() {
        return List.of(
                Row.bytes("a byte order mark", "\u00ef\u00bb\u00bf" + with()),
                Row.bytes("UTF-16", encoded(with(), StandardCharsets.UTF_16BE)),
                Row.bytes("UTF-32", encoded(with(), StandardCharsets.UTF_32LE)),
                Row.bytes("Latin 1", described("\u00e9")),
                Row.bytes("UTF-8 that is longer than it must be", described("\u00c0\u00af")),
                Row.bytes("UTF-8 of a surrogate", described("\u00ed\u00a0\u0080")),
                Row.bytes("UTF-8 beyond U+10FFFF", described("\u00f4\u0090\u0080\u0080")),
                Row.bytes("UTF-8 that is cut off", described("\u00e2\u0082")));
    }

    private static List<Row> syntax() {
        String event = with();
        return List.of(
                Row.accepted(
                        "white space around and within",
                        " \r\n\t" + event.replace(",", " ,\n") + " \n"),
                Row.body("an object and something more", event + " x"),
                Row.body("two objects", event + event),
                Row.body("a comma too many", event.replace("}", ",}")),
                Row.body("a comment", "/* a */" + event),
                Row.body("single quotes", event.replace('"', '\'')),
                Row.body("a name without quotes", "{a:1}"),
                Row.body("an object without end", event.substring(0, event.length() - 1)),
                Row.body("U+0000 before, behind or between", "\0" + event),
                Row.body("white space that is not JSON's (U+00A0)", "\u00a0" + event),
                Row.body("a text, a number, `true` or `null` by itself", "17"),
                Row.none("nothing", ""),
                Row.none("white space only", " \r\n"),
                Row.none("an empty array", "[]"));
    }

    private static List<Row> sizes() {
        return List.of(
                Row.field(
                        "an unknown field, nested 16 deep in all",
                        with("a", "[".repeat(15) + "]".repeat(15)),
                        "/a"),
                Row.body("nested 17 deep", with("a", "[".repeat(16) + "]".repeat(16))),
                Row.field(
                        "an unknown name of 256 characters",
                        with("n".repeat(256), "1"),
                        "/" + "n".repeat(256)),
                Row.body("a name of 257 characters", with("n".repeat(257), "1")),
                Row.field("an object of more than 100 members", members(100), ""),
                new Row(
                        "an event of more than 64 KiB",
                        described("x".repeat(65_536)),
                        413,
                        "event-too-large",
                        List.of()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_answer_to_unusual_json_is_the_documented_one(Row row) {
        int stored = gate.topic.stored().size();

        Answer answer =
                gate.post(
                        RunningGate.LEDGER,
                        "application/json",
                        row.body().getBytes(StandardCharsets.ISO_8859_1));

        if (row.type().isEmpty()) {
            assertThat(answer.status()).as(answer.whole().body()).isEqualTo(202);
            assertThat(gate.topic.stored()).hasSize(stored + 1);
        } else {
            answer.isProblem(row.status(), row.type());
            assertThat(answer.errorFields()).containsExactlyElementsOf(row.pointers());
            assertThat(gate.topic.stored()).hasSize(stored);
        }
    }

    /** Where a line ends is known whatever is in it, so a broken one harms no other. */
    @ParameterizedTest
    @MethodSource("rows")
    void a_line_hears_the_same_and_the_lines_around_it_are_taken(Row row) {
        assumeTrue(row.isLine());
        byte[] lines =
                (with() + "\n" + row.body().strip() + "\n" + with("accountId", "\"other\""))
                        .getBytes(StandardCharsets.ISO_8859_1);

        Answer answer = gate.post(RunningGate.LEDGER, "application/x-ndjson", lines);

        assertThat(answer.itemStatuses()).hasSize(3).first().isEqualTo(202);
        assertThat(answer.itemStatuses().getLast()).isEqualTo(202);
        assertThat(answer.itemStatuses().get(1)).isEqualTo(row.status());
        assertThat(Answer.fields(answer.body().at("/items/1/problem")))
                .containsExactlyElementsOf(row.pointers());
    }

    @Test
    void the_page_has_these_rows_and_no_others() throws IOException {
        assertThat(ContractPage.rows("## JSON, strictly"))
                .containsExactlyElementsOf(rows().map(Row::toString).toList());
    }
}
