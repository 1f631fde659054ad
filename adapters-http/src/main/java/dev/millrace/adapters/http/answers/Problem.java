package dev.millrace.adapters.http.answers;

import tools.jackson.core.JsonGenerator;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One error as RFC 9457 has it.
 *
 * @param detail for a person: what is wrong here, and what to do
 * @param errors the rules that input breaks; may be empty
 * @param messageId of the event; empty when it has none
 * @param retryAfter when to try again; zero when that is of no use
 */
public record Problem(
        int status,
        ProblemType type,
        String detail,
        List<FieldError> errors,
        String messageId,
        Duration retryAfter) {

    public Problem {
        Objects.requireNonNull(type);
        Objects.requireNonNull(detail);
        errors = List.copyOf(errors);
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(retryAfter);
    }

    /** A problem without broken rules. */
    public static Problem of(int status, ProblemType type, String detail) {
        return new Problem(status, type, detail, List.of(), "", Duration.ZERO);
    }

    /** 400, with the rules that input breaks. */
    public static Problem ofErrors(ProblemType type, String detail, List<FieldError> errors) {
        return new Problem(400, type, detail, errors, "", Duration.ZERO);
    }

    /** 400, with all the rules of its stream that an event breaks. */
    public static Problem invalidEvent(List<FieldError> errors) {
        return ofErrors(
                ProblemType.INVALID_EVENT,
                errors.size() == 1 ? "One rule is broken." : errors.size() + " rules are broken.",
                errors);
    }

    /** The same with other words for a person. */
    public Problem withDetail(String given) {
        return new Problem(status, type, given, errors, messageId, retryAfter);
    }

    /** The same, of the event with this message ID. */
    public Problem withMessageId(String given) {
        return new Problem(status, type, detail, errors, given, retryAfter);
    }

    /** The same, worth another try after this time. */
    public Problem withRetryAfter(Duration time) {
        return new Problem(status, type, detail, errors, messageId, time);
    }

    /** Writes the object, left open for what a caller adds. */
    public void open(JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("type", type.uri());
        json.writeStringProperty("title", type.title());
        json.writeNumberProperty("status", status);
        json.writeStringProperty("detail", detail);
        if (!errors.isEmpty()) {
            json.writeArrayPropertyStart("errors");
            for (FieldError error : errors) {
                json.writeStartObject();
                json.writeStringProperty("field", error.field());
                json.writeStringProperty("rule", error.rule());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        if (!messageId.isEmpty()) {
            json.writeStringProperty("messageId", messageId);
        }
    }

    /** Writes the whole object. */
    public void write(JsonGenerator json) {
        open(json);
        json.writeEndObject();
    }
}
