package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.CursorPlace;
import dev.millrace.domain.operations.SchemaVersion;
import dev.millrace.ports.operations.driving.ShowCursors;
import dev.millrace.ports.operations.driving.ShowSchemas;

import tools.jackson.core.JsonGenerator;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the broker knows of a stream's topic: {@code /ops/v1/streams/{stream}/cursors} and {@code
 * …/schemas}.
 */
public final class TopicRoutes {

    private static final String PATH = "/ops/v1/streams/{stream}";

    /** How one topic is looked at. */
    public record Looks(ShowCursors cursors, ShowSchemas schemas) {
        public Looks {
            Objects.requireNonNull(cursors);
            Objects.requireNonNull(schemas);
        }
    }

    private final TreeMap<String, Looks> streams = new TreeMap<>();

    /**
     * @param streams whose topics can be looked at here
     */
    public TopicRoutes(Map<StreamName, Looks> streams) {
        streams.forEach((name, looks) -> this.streams.put(name.value(), looks));
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(
                new OperationRoute.Look(new ReadRoute(PATH + "/cursors", this::cursors)),
                new OperationRoute.Look(new ReadRoute(PATH + "/schemas", this::schemas)));
    }

    private Optional<JsonBody> cursors(ReadRequest request) {
        Field<String> stream = request.path("stream", name -> name);
        ShowCursors cursors = looks(stream.value()).cursors();
        request.requireValid();
        List<CursorPlace> places = cursors.show();
        return Optional.of(json -> {
            json.writeStartObject();
            json.writeStringProperty("stream", stream.value());
            json.writeArrayPropertyStart("cursors");
            places.forEach(place -> write(json, place));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Optional<JsonBody> schemas(ReadRequest request) {
        Field<String> stream = request.path("stream", name -> name);
        ShowSchemas schemas = looks(stream.value()).schemas();
        request.requireValid();
        List<SchemaVersion> versions = schemas.show();
        return Optional.of(json -> {
            json.writeStartObject();
            json.writeStringProperty("stream", stream.value());
            json.writeArrayPropertyStart("versions");
            for (int i = 0; i < versions.size(); i++) {
                SchemaVersion version = versions.get(i);
                SchemaVersion before = versions.get(Math.max(0, i - 1));
                write(json, version, version.changesSince(before));
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Looks looks(String stream) {
        Looks looks = streams.get(stream);
        if (looks == null) {
            throw Refusal.unknownStream(streams.keySet());
        }
        return looks;
    }

    private static void write(JsonGenerator json, CursorPlace place) {
        json.writeStartObject();
        json.writeStringProperty("subscription", place.subscription());
        json.writeNumberProperty("partition", place.partition());
        json.writeStringProperty("acknowledged", words(place.acknowledged()));
        json.writeNumberProperty("rangesBeyond", place.rangesBeyond());
        json.writeStringProperty("last", words(place.last()));
        json.writeNumberProperty("backlogEntries", place.backlogEntries());
        json.writeEndObject();
    }

    private static String words(Acknowledged.Entry entry) {
        return entry.ledger() + ":" + entry.entry();
    }

    private static void write(
            JsonGenerator json, SchemaVersion version, List<SchemaVersion.Change> changes) {
        json.writeStartObject();
        json.writeNumberProperty("version", version.version());
        json.writeStringProperty("registeredAt", version.registeredAt().toString());
        json.writeBooleanProperty("own", version.own());
        json.writeArrayPropertyStart("changes");
        for (SchemaVersion.Change change : changes) {
            json.writeStartObject();
            json.writeStringProperty("field", change.field());
            json.writeStringProperty("change", change.word());
            json.writeStringProperty("before", change.before());
            json.writeStringProperty("after", change.after());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringProperty("definition", version.definition());
        json.writeEndObject();
    }
}
