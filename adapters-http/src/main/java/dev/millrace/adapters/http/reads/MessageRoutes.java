package dev.millrace.adapters.http.reads;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.StreamName;
import dev.millrace.ports.MessageOutcome;
import dev.millrace.ports.driving.ReadMessage;

import tools.jackson.core.JsonGenerator;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** What became of an event: {@code GET /v1/streams/{stream}/messages/{messageId}}. */
public final class MessageRoutes {

    private final ReadMessage readMessage;
    private final TreeSet<String> streams = new TreeSet<>();

    /**
     * @param streams that there are
     */
    public MessageRoutes(ReadMessage readMessage, List<StreamName> streams) {
        this.readMessage = Objects.requireNonNull(readMessage);
        streams.forEach(stream -> this.streams.add(stream.value()));
    }

    /** The routes to serve. */
    public List<ReadRoute> routes() {
        return List.of(new ReadRoute("/v1/streams/{stream}/messages/{messageId}", this::read));
    }

    private Optional<JsonBody> read(ReadRequest request) {
        Field<String> stream = request.path("stream", name -> name);
        if (!streams.contains(stream.value())) {
            throw Refusal.unknownStream(streams);
        }
        Field<MessageId> messageId = request.path("messageId", MessageId::new);
        request.requireValid();
        List<MessageOutcome> outcomes =
                readMessage.read(new StreamName(stream.value()), messageId.value());
        return outcomes.isEmpty()
                ? Optional.empty()
                : Optional.of(json -> write(json, messageId.value(), outcomes));
    }

    private static void write(
            JsonGenerator json, MessageId messageId, List<MessageOutcome> outcomes) {
        json.writeStartObject();
        json.writeStringProperty("messageId", messageId.value());
        json.writeArrayPropertyStart("outcomes");
        for (MessageOutcome outcome : outcomes) {
            json.writeStartObject();
            json.writeStringProperty("subscription", outcome.subscription());
            json.writeStringProperty("state", outcome.state());
            json.writeStringProperty("position", outcome.position().toString());
            if (!outcome.reason().isEmpty()) {
                json.writeStringProperty("reason", outcome.reason());
            }
            json.writeNumberProperty("copies", outcome.copies());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
