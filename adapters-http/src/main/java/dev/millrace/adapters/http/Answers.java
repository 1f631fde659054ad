package dev.millrace.adapters.http;

import jakarta.servlet.http.HttpServletResponse;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** How answers are written: whole, with their length, straight to the servlet's response. */
final class Answers {

    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int USUAL_SIZE = 256;

    private Answers() {}

    static void send(HttpServletResponse response, int status, String contentType, byte[] body)
            throws IOException {
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static void send(HttpServletResponse response, int status, JsonBody body) throws IOException {
        send(response, status, JSON, bytes(body));
    }

    static void send(HttpServletResponse response, Problem problem) throws IOException {
        retryAfter(response, problem.retryAfter());
        send(response, problem.status(), PROBLEM, bytes(problem::write));
    }

    /**
     * @param opening writes the start of the body's object, and perhaps some members
     * @param items the last member, as it was drafted
     */
    static void send(
            HttpServletResponse response,
            int status,
            String contentType,
            JsonBody opening,
            Draft items)
            throws IOException {
        byte[] around =
                bytes(json -> {
                    opening.writeTo(json);
                    json.writeName("items");
                    json.writeRawValue("");
                    json.writeEndObject();
                });
        int before = around.length - 1;
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLengthLong(around.length + items.length());
        OutputStream output = response.getOutputStream();
        output.write(around, 0, before);
        items.sendTo(output);
        output.write(around, before, 1);
    }

    static void retryAfter(HttpServletResponse response, Duration time) {
        if (time.isPositive()) {
            response.setHeader("Retry-After", wholeSeconds(time));
        }
    }

    /** At least one, rounded up. */
    static String wholeSeconds(Duration time) {
        return Long.toString(Math.max(1, time.plusNanos(999_999_999).toSeconds()));
    }

    static byte[] bytes(JsonBody body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = generator(bytes)) {
            body.writeTo(json);
        }
        return bytes.toByteArray();
    }

    static JsonGenerator generator(OutputStream output) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), output);
    }
}
