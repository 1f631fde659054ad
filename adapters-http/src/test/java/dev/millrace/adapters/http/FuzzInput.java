package dev.millrace.adapters.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * One made-up request, the same for the same seed: written by a grammar of what callers send, with
 * odd values here and there, and in half of the cases damaged byte by byte.
 */
final class FuzzInput {

    private static final List<String> TYPES =
            List.of(
                    "application/json",
                    "application/x-ndjson",
                    "application/cloudevents+json",
                    "application/cloudevents-batch+json");

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "-0",
                    "-1",
                    "1.0",
                    "1e3",
                    "1e400",
                    "1E-400",
                    "01",
                    "-",
                    "9007199254740991",
                    "9007199254740992",
                    "9223372036854775808",
                    "\"1\"",
                    "\"\"",
                    "{}",
                    "[]",
                    "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
                    "{\"a\":{\"a\":1}}",
                    "NaN",
                    "\"credit\"",
                    "\"debit\"",
                    "\"CZK\"",
                    "\"1993-01-01T00:00:00Z\"",
                    "\"9999-12-31T23:59:60Z\"",
                    "\"\\u0000\"",
                    "\"\\uD800\"",
                    "\"\\uDC00\\uD800\"",
                    "\"\\uD83D\\uDE00\"",
                    "1111111111111111111111111111111111111111111111");

    private static final List<String> PIECES =
            List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    "\"",
                    "\\",
                    ",",
                    ":",
                    "\n",
                    "\r\n",
                    " ",
                    "\0",
                    "\u00ff",
                    "\u00c0\u00af",
                    "\u00ed\u00a0\u0080",
                    "\u00ef\u00bb\u00bf",
                    "\u00f4\u0090",
                    "\\u",
                    "\\uD800",
                    "1e400",
                    "null",
                    "{}",
                    "[]",
                    "},{",
                    "\"a\":",
                    "/*",
                    "'");

    private final Random random;
    private final String type;
    private boolean intact = true;
    private final byte[] body;

    FuzzInput(long seed) {
        this.random = new Random(seed);
        boolean wellTyped = !oneIn(20);
        int form = random.nextInt(5);
        this.type =
                switch (form) {
                    case 0, 1 -> "application/json";
                    case 2 -> "application/x-ndjson";
                    default -> wellTyped ? "application/json" : pick(TYPES);
                };
        byte[] written =
                switch (form) {
                    case 0 -> utf8(event());
                    case 1 -> utf8("[" + String.join(",", events()) + "]");
                    case 2 -> utf8(String.join(oneIn(4) ? "\r\n" : "\n", events()));
                    case 3 -> utf8(oneIn(2) ? cloudEvent() : event());
                    default -> random(random.nextInt(200));
                };
        intact &= form < 2;
        this.body = random.nextBoolean() ? damaged(written) : written;
    }

    /** Of one object or an array as they should be, with good events only. */
    boolean isIntact() {
        return intact;
    }

    boolean isLines() {
        return type.equals("application/x-ndjson");
    }

    byte[] body() {
        return body;
    }

    /** The whole request, framed as it should be. */
    byte[] request() {
        StringBuilder head = new StringBuilder();
        String stream = oneIn(30) ? "/v1/streams/" + odd() + "/events" : RunningGate.LEDGER;
        head.append(oneIn(50) ? pick(List.of("GET", "PUT", "TRACE", "BREW")) : "POST");
        head.append(' ').append(stream).append(" HTTP/1.1\r\nHost: gate\r\n");
        head.append("Content-Type: ").append(oneIn(30) ? odd() : type);
        head.append(oneIn(20) ? "; charset=" + pick(List.of("utf-8", "\"UTF-8\"", "x")) : "");
        head.append("\r\n");
        if (oneIn(20)) {
            head.append("Idempotency-Key: ").append(oneIn(2) ? "key" : odd()).append("\r\n");
        }
        if (oneIn(20)) {
            head.append("ce-").append(pick(List.of("id", "source", "type", "specversion")));
            head.append(": ").append(odd()).append("\r\n");
        }
        byte[] sent = body;
        if (oneIn(10)) {
            head.append("Content-Encoding: ").append(oneIn(8) ? odd() : "gzip").append("\r\n");
            sent = oneIn(3) ? mutated(gzip(body)) : gzip(body);
        }
        if (oneIn(5)) {
            return concat(head + "Transfer-Encoding: chunked\r\n\r\n", chunked(sent));
        }
        return concat(head + "Content-Length: " + sent.length + "\r\n\r\n", sent);
    }

    /** The whole request with damage anywhere, its framing included. */
    byte[] damagedRequest() {
        return mutated(request());
    }

    private List<String> events() {
        List<String> events = new ArrayList<>();
        for (int count = random.nextInt(6); count >= 0; count--) {
            events.add(event());
        }
        return events;
    }

    private String event() {
        List<String> members = new ArrayList<>();
        if (!oneIn(3)) {
            members.add("\"messageId\":\"m" + random.nextInt(1_000) + "\"");
        }
        members.add("\"accountId\":\"a" + random.nextInt(3) + "\"");
        members.add("\"type\":\"" + (oneIn(2) ? "debit" : "credit") + "\"");
        members.add("\"amountMinor\":" + (1 + random.nextInt(1_000_000)));
        members.add("\"currency\":\"CZK\"");
        members.add("\"occurredAt\":\"1993-01-0" + (1 + random.nextInt(9)) + "T00:00:00Z\"");
        if (oneIn(2)) {
            members.add("\"description\":\"" + text() + "\"");
        }
        if (oneIn(3)) {
            intact = false;
            oddity(members);
        }
        return "{" + String.join(oneIn(5) ? " , " : ",", members) + "}";
    }

    private void oddity(List<String> members) {
        int at = random.nextInt(members.size());
        String member = members.get(at);
        switch (random.nextInt(5)) {
            case 0 -> members.remove(at);
            case 1 -> members.add(random.nextInt(members.size()), member);
            case 2 -> members.set(at, member.substring(0, member.indexOf(':') + 1) + pick(VALUES));
            case 3 -> members.add("\"" + text() + "\":" + pick(VALUES));
            default -> members.set(at, "\"" + odd() + "\":" + pick(VALUES));
        }
    }

    private String cloudEvent() {
        String event =
                "{\"specversion\":\"1.0\",\"id\":\"i%d\",\"source\":\"/s\",\"type\":\"%s\",\"data\":%s}"
                        .formatted(
                                random.nextInt(100),
                                oneIn(10) ? odd() : "millrace.ledger-entries.v1",
                                event());
        return oneIn(2) ? event : "[" + event + "]";
    }

    /** Characters of all planes, as themselves or escaped, and never a lone surrogate. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(8); count > 0; count--) {
            int codePoint = random.nextInt(random.nextBoolean() ? 0x300 : 0x110000);
            if (codePoint < 0x20
                    || codePoint == '"'
                    || codePoint == '\\'
                    || (codePoint >= 0xD800 && codePoint < 0xE000)) {
                codePoint = 'x';
            }
            if (oneIn(4)) {
                for (char unit : Character.toChars(codePoint)) {
                    text.append("\\u").append(HexFormat.of().toHexDigits(unit));
                }
            } else {
                text.appendCodePoint(codePoint);
            }
        }
        return text.toString();
    }

    /** Printable, without what would end a header or a path. */
    private String odd() {
        StringBuilder odd = new StringBuilder();
        for (int count = random.nextInt(12); count > 0; count--) {
            odd.append((char) ('!' + random.nextInt('~' - '!' + 1)));
        }
        return odd.toString().replace("?", "").replace("\\", "").replace("\"", "");
    }

    private byte[] damaged(byte[] bytes) {
        intact = false;
        return mutated(bytes);
    }

    private byte[] mutated(byte[] bytes) {
        byte[] result = bytes;
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            result = mutatedOnce(result);
        }
        return result;
    }

    private byte[] mutatedOnce(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = from + random.nextInt(Math.min(40, bytes.length - from) + 1);
        byte[] head = Arrays.copyOf(bytes, from);
        byte[] piece = Arrays.copyOfRange(bytes, from, to);
        byte[] tail = Arrays.copyOfRange(bytes, to, bytes.length);
        return switch (random.nextInt(7)) {
            case 0 -> head;
            case 1 -> concat(head, tail);
            case 2 -> concat(head, piece, piece, tail);
            case 3 -> concat(head, pick(PIECES).getBytes(StandardCharsets.ISO_8859_1), tail);
            case 4 -> concat(head, random(piece.length), tail);
            case 5 -> concat(tail, head);
            default -> {
                byte[] flipped = bytes.clone();
                if (from < flipped.length) {
                    flipped[from] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
        };
    }

    private byte[] chunked(byte[] bytes) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(64));
            chunks.writeBytes(utf8(Integer.toHexString(length) + "\r\n"));
            chunks.write(bytes, from, length);
            chunks.writeBytes(utf8("\r\n"));
            from += length;
        }
        chunks.writeBytes(utf8("0\r\n\r\n"));
        return chunks.toByteArray();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(String head, byte[] rest) {
        return concat(head.getBytes(StandardCharsets.ISO_8859_1), rest);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
