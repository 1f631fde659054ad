package dev.millrace.adapters.http.operations;

import dev.millrace.domain.Copy;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Payload;
import dev.millrace.domain.operations.Dossier;
import dev.millrace.domain.operations.Edit;
import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantinedEvent;

import tools.jackson.core.JsonGenerator;

import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

/** Quarantined events as they are written in JSON. */
final class QuarantineJson {

    private QuarantineJson() {}

    static void write(JsonGenerator json, QuarantinedEvent event) {
        json.writeStartObject();
        writeFields(json, event);
        json.writeEndObject();
    }

    private static void writeFields(JsonGenerator json, QuarantinedEvent event) {
        json.writeNumberProperty("id", event.id());
        json.writeStringProperty("stream", event.stream().value());
        json.writeStringProperty("subscription", event.subscription());
        json.writeStringProperty("messageId", event.messageId());
        json.writeStringProperty("key", event.key());
        json.writeStringProperty("reason", event.reason().value());
        json.writeStringProperty("detail", event.detail());
        json.writeStringProperty("position", event.position().toString());
        json.writeStringProperty("publishedAt", event.publishedAt().toString());
        json.writeStringProperty("quarantinedAt", event.quarantinedAt().toString());
        json.writeNumberProperty("attemptCount", event.attempts());
        json.writeNumberProperty("edition", event.edition());
        json.writeBooleanProperty("retriable", event.isRetriable());
    }

    static void write(JsonGenerator json, Dossier dossier) {
        Copy copy = dossier.copy();
        json.writeStartObject();
        writeFields(json, dossier.event());
        json.writeStringProperty("digest", dossier.digest());
        json.writeStringProperty("schemaVersion", copy.schemaVersion());
        json.writeStringProperty("payload", base64(copy.payload()));
        json.writeObjectPropertyStart("properties");
        new TreeMap<>(copy.properties()).forEach(json::writeStringProperty);
        json.writeEndObject();
        json.writeArrayPropertyStart("attempts");
        dossier.attempts().forEach(attempt -> write(json, attempt));
        json.writeEndArray();
        json.writeArrayPropertyStart("edits");
        dossier.edits().forEach(edit -> write(json, edit));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, FailedAttempt attempt) {
        json.writeStartObject();
        json.writeNumberProperty("number", attempt.number());
        json.writeStringProperty("at", attempt.at().toString());
        json.writeStringProperty("exception", attempt.fault().type());
        json.writeStringProperty("message", attempt.fault().message());
        json.writeArrayPropertyStart("frames");
        attempt.fault().frames().forEach(json::writeString);
        json.writeEndArray();
        json.writeStringProperty("traceId", attempt.traceId());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Edit edit) {
        json.writeStartObject();
        json.writeNumberProperty("edition", edit.edition());
        json.writeStringProperty("by", edit.signature().by());
        json.writeStringProperty("at", edit.at().toString());
        json.writeStringProperty("why", edit.signature().why());
        json.writeStringProperty("payload", base64(edit.payload()));
        json.writeEndObject();
    }

    private static String base64(Payload payload) {
        return Base64.getEncoder().encodeToString(payload.toByteArray());
    }

    static void writeCauses(JsonGenerator json, List<QuarantineCause> causes) {
        json.writeStartObject();
        json.writeArrayPropertyStart("causes");
        for (QuarantineCause cause : causes) {
            json.writeStartObject();
            json.writeStringProperty("stream", cause.stream().value());
            json.writeStringProperty("subscription", cause.subscription());
            json.writeStringProperty("reason", cause.reason().value());
            json.writeStringProperty("cause", cause.cause());
            json.writeNumberProperty("events", cause.events());
            json.writeNumberProperty("keys", cause.keys());
            json.writeBooleanProperty("more", cause.more());
            json.writeStringProperty("oldest", cause.oldest().toString());
            json.writeStringProperty("newest", cause.newest().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
