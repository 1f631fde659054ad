package dev.millrace.adapters.http.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.answers.Refusal;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How bodies are cut into items, whatever they hold and however they arrive. */
final class FramesTest {

    private static final int MAX_FRAME = 200;
    private static final int ROUNDS = Integer.getInteger("millrace.frames", 5_000);

    /** What stands for each item: its text, or the problem's type; and at last what stopped. */
    private static List<String> items(boolean lines, InputStream body) throws IOException {
        List<String> items = new ArrayList<>();
        try (Budget.Share share = new Budget(1 << 20, Duration.ofSeconds(1)).open()) {
            BodyBytes bytes = new BodyBytes(body, MAX_FRAME, share);
            Frames frames = lines ? Frames.lines(bytes) : Frames.document(bytes, Optional.empty());
            for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
                items.add(text(frame));
            }
            items.add(frames.isMany() ? "end" : "end of one");
        } catch (Refusal stop) {
            items.add("stop " + stop.problem().type() + " " + stop.problem().detail());
        }
        return items;
    }

    private static String text(Frame frame) {
        try {
            return frame.text().toString();
        } catch (Refusal refused) {
            return "refused " + refused.problem().type();
        }
    }

    private static List<String> lines(String body) throws IOException {
        return items(true, whole(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> document(String body) throws IOException {
        return items(false, whole(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static InputStream whole(byte[] body) {
        return new ByteArrayInputStream(body);
    }

    /** Gives as many bytes at a time as chance has it. */
    private static InputStream pieces(byte[] body, Random random) {
        return new ByteArrayInputStream(body) {
            @Override
            public int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(7)));
            }
        };
    }

    @Test
    void lines_are_trimmed_and_blank_ones_left_out() throws IOException {
        assertThat(lines("\r\n {\"a\":1} \r\n\n\t \n[2]\r\n\"x\""))
                .containsExactly("{\"a\":1}", "[2]", "\"x\"", "end");
        assertThat(lines("")).containsExactly("end");
        assertThat(lines("a\n")).containsExactly("a", "end");
    }

    @Test
    void elements_end_where_strings_and_brackets_say() throws IOException {
        assertThat(document(" [ {\"a\":\"]},\\\"[\"} , [1,[2]],-1.5e3,\"\\\\\",tru , {}]\n"))
                .containsExactly(
                        "{\"a\":\"]},\\\"[\"}",
                        "[1,[2]]",
                        "-1.5e3",
                        "\"\\\\\"",
                        "tru",
                        "{}",
                        "end");
        assertThat(document("[]")).containsExactly("end");
        assertThat(document(" {\"a\":[1,{}]}  ")).containsExactly("{\"a\":[1,{}]}", "end of one");
        assertThat(document("  ")).containsExactly("end of one");
    }

    @Test
    void an_object_that_is_cut_off_is_left_to_the_parser() throws IOException {
        assertThat(document("{\"a\":[1,\"x")).containsExactly("{\"a\":[1,\"x", "end of one");
    }

    @Test
    void where_no_end_can_be_told_reading_stops_and_says_where() throws IOException {
        assertStop("[1 2]", "1", "line 1, column 4: a comma");
        assertStop("[1,\n {}", "1", "{}", "line 2, column 4: the end of the array");
        assertStop("[1,\"ž\\\"", "1", "line 1, column 8: the end of the array");
        assertStop("[1,]", "1", "line 1, column 4: an element");
        assertStop("[,1]", "line 1, column 2: an element");
        assertStop("[1}", "1", "line 1, column 3: a comma");
        assertStop("[1] []", "1", "line 1, column 5: there is more than one value");
        assertStop("{} x", "line 1, column 4: there is more than one value");
        assertStop("null", "line 1, column 1: it must be one JSON object");
        assertStop("\uFEFF[]", "byte order mark");
    }

    private static void assertStop(String body, String... expected) throws IOException {
        List<String> items = document(body);
        int last = expected.length - 1;
        assertThat(items).hasSize(expected.length);
        assertThat(items.subList(0, last))
                .containsExactlyElementsOf(List.of(expected).subList(0, last));
        assertThat(items.getLast()).startsWith("stop INVALID_BODY ").contains(expected[last]);
    }

    @Test
    void what_is_too_long_or_not_utf_8_is_passed_by_and_harms_no_other() throws IOException {
        String fits = "\"" + "x".repeat(MAX_FRAME - 2) + "\"";
        String tooLong = "\"" + "x".repeat(MAX_FRAME - 1) + "\"";
        assertThat(lines(fits + " ".repeat(500) + "\n" + tooLong + "\n1"))
                .containsExactly(fits, "refused EVENT_TOO_LARGE", "1", "end");
        assertThat(document("[" + tooLong + "," + fits + " ".repeat(500) + ",1]"))
                .containsExactly("refused EVENT_TOO_LARGE", fits, "1", "end");

        byte[] latin1 = "\"é\"\n2".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(items(true, whole(latin1))).containsExactly("refused INVALID_BODY", "2", "end");
    }

    @Test
    void any_split_of_the_bytes_gives_the_same_items() throws IOException {
        long seed = System.nanoTime();
        System.out.println("frames: " + ROUNDS + " bodies, seed " + seed);
        Random random = new Random(seed);
        String pieces = "[]{},:\"\\ \n\r\t1aé😀ž\u0000";
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "[" : "");
            for (int left = random.nextInt(40); left > 0; left--) {
                text.append(
                        random.nextInt(3) == 0
                                ? json(random, 2)
                                : Character.toString(
                                        pieces.codePoints()
                                                .toArray()[
                                                random.nextInt(
                                                        pieces.codePointCount(
                                                                0, pieces.length()))]));
            }
            byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
            if (body.length > 0 && random.nextInt(4) == 0) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            boolean lines = random.nextBoolean();
            assertThat(items(lines, pieces(body, random)))
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(items(lines, whole(body)));
        }
    }

    @Test
    void an_array_has_the_same_items_as_the_lines_of_its_elements() throws IOException {
        long seed = System.nanoTime();
        System.out.println("arrays as lines: " + ROUNDS + " bodies, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> values =
                    Stream.generate(() -> json(random, 3)).limit(random.nextInt(6)).toList();
            String comma = random.nextBoolean() ? "," : " ,\r\n ";
            String array = values.stream().collect(Collectors.joining(comma, "[", "]"));

            assertThat(document(array))
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(lines(String.join("\n", values)));
        }
    }

    private static String json(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> random.nextBoolean() ? "true" : "null";
            case 2 -> string(random);
            case 3 -> "nonsense";
            case 4 -> {
                String elements =
                        Stream.generate(() -> json(random, depth - 1))
                                .limit(random.nextInt(4))
                                .collect(Collectors.joining(", "));
                yield "[" + elements + "]";
            }
            default -> {
                String members =
                        Stream.generate(() -> string(random) + ":" + json(random, depth - 1))
                                .limit(random.nextInt(4))
                                .collect(Collectors.joining(","));
                yield "{" + members + "}";
            }
        };
    }

    private static String string(Random random) {
        List<String> parts =
                List.of("a", "é", "😀", "\\\"", "\\\\", "\\n", "[", "]", "{", "}", ",", " ");
        return Stream.generate(() -> parts.get(random.nextInt(parts.size())))
                .limit(random.nextInt(20))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
