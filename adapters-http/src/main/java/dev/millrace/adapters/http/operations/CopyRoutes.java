package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.Position;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.TopicCopy;
import dev.millrace.ports.operations.driving.LocateCopy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which message lies where: {@code /ops/v1/streams/{stream}/positions/{position}}. */
public final class CopyRoutes {

    private static final String PATH = "/ops/v1/streams/{stream}/positions/{position}";

    private final TreeMap<String, LocateCopy> streams = new TreeMap<>();

    /**
     * @param streams whose topics can be read here
     */
    public CopyRoutes(Map<StreamName, LocateCopy> streams) {
        streams.forEach((name, locate) -> this.streams.put(name.value(), locate));
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(new OperationRoute.Look(new ReadRoute(PATH, this::locate)));
    }

    private Optional<JsonBody> locate(ReadRequest request) {
        Field<String> stream = request.path("stream", name -> name);
        LocateCopy locateCopy = streams.get(stream.value());
        if (locateCopy == null) {
            throw Refusal.unknownStream(streams.keySet());
        }
        Field<Position> position = request.path("position", Position::parse);
        request.requireValid();
        return locateCopy.locate(position.value()).map(copy -> body(stream.value(), copy));
    }

    private static JsonBody body(String stream, TopicCopy copy) {
        return json -> {
            json.writeStartObject();
            json.writeStringProperty("stream", stream);
            json.writeStringProperty("position", copy.position().toString());
            json.writeStringProperty("messageId", copy.messageId());
            json.writeStringProperty("publishedAt", copy.publishedAt().toString());
            json.writeEndObject();
        };
    }
}
