package dev.millrace.adapters.http.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.CursorPlace;
import dev.millrace.domain.operations.SchemaVersion;
import dev.millrace.ports.Unavailable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the broker knows of topics, over HTTP. */
final class TopicsOverHttpTest {

    private boolean away;
    private final RunningOperations http =
            new RunningOperations(
                    new TopicRoutes(
                                    Map.of(
                                            new StreamName("s"),
                                            new TopicRoutes.Looks(this::cursors, this::schemas)))
                            .routes());

    @AfterEach
    void close() {
        http.close();
    }

    private List<CursorPlace> cursors() {
        if (away) {
            throw new Unavailable("the broker is away");
        }
        return List.of(
                new CursorPlace(
                        "w", 1, new Acknowledged.Entry(4, 17), 2, new Acknowledged.Entry(5, 3), 6));
    }

    private List<SchemaVersion> schemas() {
        return List.of(
                new SchemaVersion(0, Instant.EPOCH, false, "{}", Map.of("by", "int")),
                new SchemaVersion(3, Instant.EPOCH, true, "{\"a\":1}", Map.of("by", "long")));
    }

    @Test
    void each_cursor_is_told_by_partition() {
        assertThat(http.get("/ops/v1/streams/s/cursors").whole().body())
                .isEqualTo(
                        "{\"stream\":\"s\",\"cursors\":[{\"subscription\":\"w\",\"partition\":1,"
                                + "\"acknowledged\":\"4:17\",\"rangesBeyond\":2,\"last\":\"5:3\","
                                + "\"backlogEntries\":6}]}");
    }

    @Test
    void each_version_of_a_schema_is_told_with_what_is_different_from_the_one_before() {
        assertThat(http.get("/ops/v1/streams/s/schemas").whole().body())
                .isEqualTo(
                        "{\"stream\":\"s\",\"versions\":[{\"version\":0,"
                                + "\"registeredAt\":\"1970-01-01T00:00:00Z\",\"own\":false,"
                                + "\"changes\":[],\"definition\":\"{}\"},"
                                + "{\"version\":3,\"registeredAt\":\"1970-01-01T00:00:00Z\","
                                + "\"own\":true,\"changes\":[{\"field\":\"by\","
                                + "\"change\":\"changed\",\"before\":\"int\",\"after\":\"long\"}],"
                                + "\"definition\":\"{\\\"a\\\":1}\"}]}");
    }

    @Test
    void an_unknown_stream_a_wrong_parameter_and_an_outage_are_said() {
        away = true;
        for (String what : List.of("cursors", "schemas")) {
            var _ = http.get("/ops/v1/streams/t/" + what).isProblem(404, "unknown-stream");
            var _ =
                    http.get("/ops/v1/streams/s/" + what + "?colour=red")
                            .isProblem(400, "invalid-request");
        }
        var _ = http.get("/ops/v1/streams/s/cursors").isProblem(503, "unavailable");
    }
}
