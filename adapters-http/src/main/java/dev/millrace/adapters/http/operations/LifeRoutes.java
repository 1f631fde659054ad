package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.Happening;
import dev.millrace.domain.operations.MessageLife;
import dev.millrace.domain.operations.Moment;
import dev.millrace.ports.operations.driving.TellLife;

import tools.jackson.core.JsonGenerator;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What happened to an event, in order: {@code /ops/v1/streams/{stream}/messages/{messageId}/life}.
 */
public final class LifeRoutes {

    private static final String PATH = "/ops/v1/streams/{stream}/messages/{messageId}/life";

    private final TellLife tellLife;
    private final TreeSet<String> streams = new TreeSet<>();

    /**
     * @param streams that there are
     */
    public LifeRoutes(TellLife tellLife, List<StreamName> streams) {
        this.tellLife = Objects.requireNonNull(tellLife);
        streams.forEach(stream -> this.streams.add(stream.value()));
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(new OperationRoute.Look(new ReadRoute(PATH, this::tell)));
    }

    private Optional<JsonBody> tell(ReadRequest request) {
        Field<String> stream = request.path("stream", name -> name);
        if (!streams.contains(stream.value())) {
            throw Refusal.unknownStream(streams);
        }
        Field<MessageId> messageId = request.path("messageId", MessageId::new);
        request.requireValid();
        List<MessageLife> lives = tellLife.tell(new StreamName(stream.value()), messageId.value());
        return lives.isEmpty()
                ? Optional.empty()
                : Optional.of(json -> write(json, stream.value(), messageId.value(), lives));
    }

    private static void write(
            JsonGenerator json, String stream, MessageId messageId, List<MessageLife> lives) {
        json.writeStartObject();
        json.writeStringProperty("stream", stream);
        json.writeStringProperty("messageId", messageId.value());
        json.writeArrayPropertyStart("subscriptions");
        lives.forEach(life -> write(json, life));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, MessageLife life) {
        json.writeStartObject();
        json.writeStringProperty("subscription", life.subscription().subscription());
        json.writeStringProperty("state", life.state());
        writeUnlessEmpty(json, "reason", life.reason());
        writeUnlessEmpty(json, "key", life.key());
        writeUnlessEmpty(json, "digest", life.digest());
        json.writeNumberProperty("copies", life.copies());
        writeUnlessEmpty(json, "traceId", life.traceId());
        json.writeArrayPropertyStart("moments");
        life.moments().forEach(moment -> write(json, moment));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Moment moment) {
        json.writeStartObject();
        if (moment.isDated()) {
            json.writeStringProperty("at", moment.at().toString());
        }
        json.writeStringProperty("what", moment.happening().word());
        write(json, moment.happening());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Happening happening) {
        switch (happening) {
            case Happening.Published(var position) ->
                    json.writeStringProperty("position", position.toString());
            case Happening.Recorded(var position) ->
                    json.writeStringProperty("position", position.toString());
            case Happening.Repeated(var position) ->
                    json.writeStringProperty("position", position.toString());
            case Happening.Failed(var attempt) -> {
                json.writeNumberProperty("attempt", attempt.number());
                json.writeStringProperty("exception", attempt.fault().type());
                json.writeStringProperty("message", attempt.fault().message());
                json.writeArrayPropertyStart("frames");
                attempt.fault().frames().forEach(json::writeString);
                json.writeEndArray();
            }
            case Happening.Parked(int attempts, Instant dueAt) -> {
                json.writeNumberProperty("attempts", attempts);
                if (!dueAt.equals(Instant.MAX)) {
                    json.writeStringProperty("dueAt", dueAt.toString());
                }
            }
            case Happening.Quarantined quarantined -> {
                json.writeNumberProperty("quarantineId", quarantined.id());
                json.writeStringProperty("position", quarantined.position().toString());
                json.writeStringProperty("reason", quarantined.reason().value());
                writeUnlessEmpty(json, "detail", quarantined.detail());
                json.writeBooleanProperty("unpublished", quarantined.unpublished());
            }
            case Happening.Acted(var act) -> {
                json.writeNumberProperty("auditId", act.id());
                json.writeStringProperty("by", act.signature().by());
                json.writeStringProperty("why", act.signature().why());
                json.writeObjectPropertyStart("details");
                new TreeMap<>(act.details()).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            case Happening.Applied(String words) -> writeUnlessEmpty(json, "effect", words);
            case Happening.WithoutEffect() -> {
                // Its word says all that there is to say.
            }
            case Happening.Rejected(String reason) -> json.writeStringProperty("reason", reason);
        }
    }

    private static void writeUnlessEmpty(JsonGenerator json, String name, String text) {
        if (!text.isEmpty()) {
            json.writeStringProperty(name, text);
        }
    }
}
