package dev.millrace.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * The gate reads events by hand, fast and with all errors at once; the document describes them by a
 * schema. Both have the same verdict.
 */
final class SchemaAgreementTest {

    private static final int EVENTS = Integer.getInteger("millrace.events", 1_000);
    private static final String SCHEMA = "/components/schemas/Event";

    private final long seed = Long.getLong("millrace.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** Values of any field, each written in JSON, that are often at the edge of some rule. */
    private static final List<String> ODD =
            List.of(
                    "null",
                    "true",
                    "{}",
                    "[]",
                    "\"\"",
                    "\" \"",
                    "1",
                    "0",
                    "-1",
                    "\"576\"",
                    "\"credit\"",
                    "\"CREDIT\"",
                    "\"CZK\"",
                    "\"CZKX\"",
                    "\"ŽŽŽ\"",
                    "\"a b\"",
                    "\"a\\n\"",
                    "\"CZK\\n\"",
                    "\"\\u0000\"",
                    "\"\\ud800\"",
                    "\"\\udc00x\"",
                    "\"😀\"",
                    "9007199254740991",
                    "9007199254740992",
                    "9223372036854775808",
                    "\"1993-01-01T00:00:00Z\"");

    private String event() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("messageId", text(identifier()));
        fields.put("accountId", text(identifier()));
        fields.put("type", random.nextBoolean() ? "\"credit\"" : "\"debit\"");
        fields.put("amountMinor", Long.toString(1 + random.nextLong(9007199254740991L)));
        fields.put("currency", text(letters("ABCXYZ", 3)));
        fields.put("occurredAt", text(time()));
        fields.put("description", text(letters("ab é😀\u0301\u202e", random.nextInt(20))));
        if (random.nextInt(4) > 0) {
            change(fields);
        }
        List<String> members = new ArrayList<>();
        fields.forEach((name, value) -> members.add(text(name) + ":" + value));
        Collections.shuffle(members, random);
        return members.stream().collect(Collectors.joining(",", "{", "}"));
    }

    private void change(Map<String, String> fields) {
        String field = List.copyOf(fields.keySet()).get(random.nextInt(fields.size()));
        switch (random.nextInt(5)) {
            case 0 -> fields.remove(field);
            case 1 -> fields.put(letters("abT", 1 + random.nextInt(3)), "1");
            case 2 -> fields.put("description", text("x".repeat(499 + random.nextInt(3))));
            case 3 -> fields.put("occurredAt", text(damaged(time())));
            default -> fields.put(field, ODD.get(random.nextInt(ODD.size())));
        }
    }

    private String identifier() {
        int length = random.nextInt(8) == 0 ? 199 + random.nextInt(3) : 1 + random.nextInt(12);
        return letters(random.nextInt(8) == 0 ? "aZ9/ é" : "aZ9._~:@+=-", length);
    }

    private String letters(String alphabet, int count) {
        int[] characters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }

    /** Not within a day of the ends of the years 0001 to 9999: a schema does not count in UTC. */
    private String time() {
        long first = LocalDate.of(1, 1, 3).toEpochDay();
        long last = LocalDate.of(9999, 12, 29).toEpochDay();
        String fraction =
                random.nextBoolean() ? "" : "." + letters("0123456789", 1 + random.nextInt(9));
        String offset =
                random.nextBoolean()
                        ? "Z"
                        : "%s%02d:%02d"
                                .formatted(
                                        random.nextBoolean() ? "+" : "-",
                                        random.nextInt(26),
                                        random.nextInt(0, 80));
        return "%sT%02d:%02d:%02d%s%s"
                .formatted(
                        LocalDate.ofEpochDay(random.nextLong(first, last)),
                        random.nextInt(25),
                        random.nextInt(62),
                        random.nextInt(62),
                        fraction,
                        offset);
    }

    private String damaged(String time) {
        int at = random.nextInt(time.length());
        return time.substring(0, at)
                + letters("0129-:TtZz. ", random.nextInt(2))
                + time.substring(at + 1);
    }

    private static String text(String value) {
        return '"' + value + '"';
    }

    @Test
    void the_gate_and_the_schema_have_the_same_verdict() {
        int accepted = 0;
        try (RunningGate gate = RunningGate.start()) {
            for (int i = 0; i < EVENTS; i++) {
                String event = event();
                boolean valid = Contract.ofTheGate().errors(SCHEMA, Answer.json(event)).isEmpty();
                assertThat(gate.json(event).status())
                        .as("seed %d: the gate's verdict on %s", seed, event)
                        .isEqualTo(valid ? 202 : 400);
                accepted += valid ? 1 : 0;
            }
        }
        System.out.printf(
                "schema agreement: %d events, %d of them valid, seed %d%n", EVENTS, accepted, seed);
        assertThat(accepted).isBetween(EVENTS / 20, EVENTS * 19 / 20);
    }

    /** What a schema cannot say, since JSON's values do not have it: how something is written. */
    @Test
    void only_how_it_is_written_is_refused_beyond_the_schema() {
        List<String> beyond =
                List.of(
                        Entries.with("amountMinor", "1.0"),
                        Entries.with("amountMinor", "1e3"),
                        Entries.with().replace("{", "{\"currency\":\"CZK\","),
                        Entries.with("occurredAt", "\"0001-01-01T00:00:00+00:01\""),
                        Entries.with("occurredAt", "\"9999-12-31T23:59:59-00:01\""));
        try (RunningGate gate = RunningGate.start()) {
            for (String event : beyond) {
                gate.json(event).isProblem(400, "invalid-event");
            }
        }
    }
}
