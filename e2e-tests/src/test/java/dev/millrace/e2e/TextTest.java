package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Text goes through the gate, the broker, the database and back: unchanged, or it is refused. */
class TextTest {

    private static final String NDJSON = "application/x-ndjson";
    private static final int UNITS_OF_A_TEXT = 480;
    private static final int PAGE = 1_000;

    @TempDir private static Path folder;
    private static Site site;
    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        site = Site.on(Stacks.shared(), TextTest.class);
        service = ServiceProcess.ready(site, folder, Map.of("MILLRACE_PARTITIONS", "1"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void every_character_comes_back_as_it_was_sent() {
        List<String> texts = new ArrayList<>(everyCharacter());
        assertThat(texts.stream().flatMapToInt(String::codePoints).distinct().count())
                .isEqualTo(0x110000 - 1 - 2048);
        texts.addAll(awkwardTexts());

        send("plain", texts, TextTest::quoted);
        requireSame("plain", texts);
        System.out.printf(
                "text: %,d characters in %,d events came back%n", 0x110000 - 2049, texts.size());
    }

    @Test
    void it_is_the_same_when_it_is_escaped() {
        List<String> texts = new ArrayList<>(everyCharacter().subList(0, 132));
        texts.addAll(awkwardTexts());

        send("escaped", texts, TextTest::escaped);
        requireSame("escaped", texts);
    }

    @Test
    void nul_and_each_lone_surrogate_are_refused_and_nothing_else_is() {
        List<String> refused =
                IntStream.concat(IntStream.of(0), IntStream.range(0xD800, 0xE000))
                        .mapToObj(unit -> "a" + (char) unit + "b")
                        .toList();

        JsonNode answer = post("refused", refused, TextTest::escaped);

        assertThat(answer.path("status").asInt()).isEqualTo(400);
        assertThat(answer.path("items")).hasSize(2_049);
        for (JsonNode item : answer.path("items")) {
            assertThat(item.at("/problem/errors/0/field").asString()).isEqualTo("/description");
        }
    }

    /** All code points but U+0000 and the surrogates, in order. */
    private static List<String> everyCharacter() {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int codePoint = 1; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint == Character.MIN_SURROGATE) {
                codePoint = Character.MAX_SURROGATE + 1;
            }
            text.appendCodePoint(codePoint);
            if (text.length() >= UNITS_OF_A_TEXT) {
                texts.add(text.toString());
                text.setLength(0);
            }
        }
        texts.add(text.toString());
        return texts;
    }

    private static List<String> awkwardTexts() {
        return List.of(
                "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 abc",
                "\u202eright to left\u202c \u2066isolated\u2069 \u200f\u200e",
                "e\u0301 \u00e9 A\u030a \u00c5 \u212b \u1100\u1161 \uac00",
                "Z" + "\u0316\u0317\u0318\u0319".repeat(20) + "algo",
                "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66",
                "\ud83c\uddfa\ud83c\uddf3 1\ufe0f\u20e3 \ud83d\udc4b\ud83c\udffd \u2764\ufe0f",
                "\u0001\u0007\b\t\n\u000b\f\r\u001b[31m\u007f\u0080\u0085\u009f",
                "\ufeff at the start and \ufeff inside",
                "\ufdd0 \ufffe \uffff \udbff\udfff \ufffd",
                "\u2028\u2029\u00a0\u00ad\u200b\u2060",
                " blanks at both ends ",
                "\\u0041 \\n \" ' \\ / </script> %00 ${a} {} [] ; -- \\N \\.",
                "\u0130 \u0131 \u00df \u1e9e \u01c5 \ufb01");
    }

    private static void send(String account, List<String> texts, UnaryOperator<String> json) {
        JsonNode answer = post(account, texts, json);

        assertThat(answer.path("items")).hasSize(texts.size());
        for (JsonNode item : answer.path("items")) {
            assertThat(item.path("status").asInt()).as(item.toString()).isEqualTo(202);
        }
    }

    private static JsonNode post(String account, List<String> texts, UnaryOperator<String> json) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            String event =
                    new Report(account + "-" + i, account, "credit", 1, "CZK", Instant.EPOCH, "@")
                            .json();
            lines.append(event.replace("\"@\"", json.apply(texts.get(i)))).append('\n');
        }
        URI events = service.gate().resolve("/v1/streams/ledger-entries/events");
        return Http.post(events, NDJSON, lines.toString()).json();
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars()
                .forEach(unit -> {
                    if (unit < 0x20 || unit == '"' || unit == '\\') {
                        json.append("\\u%04x".formatted(unit));
                    } else {
                        json.append((char) unit);
                    }
                });
        return json.append('"').toString();
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(unit -> json.append("\\u%04X".formatted(unit)));
        return json.append('"').toString();
    }

    private static void requireSame(String account, List<String> texts) {
        new Database(site)
                .awaitCount(
                        "select count(*) from entry where message_id like '" + account + "-%'",
                        texts.size());
        List<String> back =
                Stream.iterate(0, after -> after < texts.size(), after -> after + PAGE)
                        .flatMap(after -> page(account, after).stream())
                        .toList();
        assertThat(back).hasSameSizeAs(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(back.get(i)).isEqualTo(texts.get(i));
        }
    }

    private static List<String> page(String account, int after) {
        URI entries =
                service.gate()
                        .resolve(
                                "/v1/accounts/"
                                        + account
                                        + "/entries?limit="
                                        + PAGE
                                        + "&after="
                                        + after);
        return Http.get(entries).json().path("entries").findValuesAsString("description");
    }
}
