package dev.millrace.adapters.http.answers;

import jakarta.servlet.http.HttpServletResponse;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/** How answers are written: whole, with their length, straight to the servlet's response. */
public final class Answers {

    /** The media type of what was asked for. */
    public static final String JSON = "application/json";

    /** The media type of JSON values in lines. */
    public static final String JSON_LINES = "application/x-ndjson";

    /** The media type of a problem, as RFC 9457 has it. */
    public static final String PROBLEM = "application/problem+json";

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int USUAL_SIZE = 256;

    private Answers() {}

    /** Sends bytes as they are. */
    public static void send(
            HttpServletResponse response, int status, String contentType, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Sends JSON. */
    public static void send(HttpServletResponse response, int status, JsonBody body)
            throws IOException {
        send(response, status, JSON, bytes(body));
    }

    /**
     * Sends lines of JSON as they come. What is thrown before the first is answered as if there
     * were none.
     */
    public static void send(HttpServletResponse response, JsonLines lines) throws IOException {
        try {
            lines.writeTo(line -> sendLine(response, line));
        } catch (UncheckedIOException cut) {
            throw cut.getCause();
        }
    }

    private static void sendLine(HttpServletResponse response, JsonBody line) {
        try {
            response.setContentType(JSON_LINES);
            response.getOutputStream().write(bytes(line));
            response.getOutputStream().write('\n');
            response.flushBuffer();
        } catch (IOException cut) {
            throw new UncheckedIOException(cut);
        }
    }

    /** Sends a problem, and when to try again where that is of use. */
    public static void send(HttpServletResponse response, Problem problem) throws IOException {
        retryAfter(response, problem.retryAfter());
        send(response, problem.status(), PROBLEM, bytes(problem::write));
    }

    /** Says when to try again; nothing when the time is zero. */
    public static void retryAfter(HttpServletResponse response, Duration time) {
        if (time.isPositive()) {
            response.setHeader("Retry-After", wholeSeconds(time));
        }
    }

    /** At least one, rounded up. */
    public static String wholeSeconds(Duration time) {
        return Long.toString(Math.max(1, time.plusNanos(999_999_999).toSeconds()));
    }

    /** The whole body in memory. */
    public static byte[] bytes(JsonBody body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = generator(bytes)) {
            body.writeTo(json);
        }
        return bytes.toByteArray();
    }

    /** Writes JSON to an output as it comes. */
    public static JsonGenerator generator(OutputStream output) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), output);
    }
}
