package dev.millrace.adapters.http.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.Answer;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryLaneBoard;
import dev.millrace.ports.fake.InMemoryOperations;
import dev.millrace.ports.fake.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The lanes over a board in memory. */
final class LanesOverHttpTest {

    private static final String ANNA =
            "{\"stream\":\"s\",\"subscription\":\"w\",\"by\":\"anna\",\"why\":\"a migration\"}";
    private static final String BERT = "{\"stream\":\"s\",\"subscription\":\"w\",\"by\":\"bert\"}";

    private final InMemoryDatabase database = new InMemoryDatabase();
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final Tenant tenant = new Tenant("millrace");
    private final Namespace namespace = new Namespace("events");
    private final InMemoryLaneBoard board =
            new InMemoryLaneBoard(database, tenant, namespace, clock);
    private final RunningOperations http = new RunningOperations(routes());

    private List<OperationRoute> routes() {
        List<OperationRoute> routes = new ArrayList<>();
        routes.addAll(new LaneRoutes(board::overview, board::pause, board::resume).routes());
        routes.addAll(
                new AuditRoutes(new InMemoryOperations(database, tenant, namespace, clock)::read)
                        .routes());
        return routes;
    }

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void every_lane_is_shown_with_what_it_does_and_waits_for() {
        report(
                new LaneReport(0, LaneState.RUNNING, List.of(new Position(4, 17, 2, 0)), 12.5, ""),
                new LaneReport(1, LaneState.PAUSED_BY_PERSON, List.of(), 0, "paused by anna"));

        Answer shown = http.get("/ops/v1/lanes");

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.whole().body())
                .isEqualTo(
                        "{\"lanes\":[{\"stream\":\"s\",\"subscription\":\"w\",\"process\":\"p1\","
                                + "\"lane\":0,\"state\":\"running\",\"position\":\"4:17:2:0\","
                                + "\"rate\":12.5,\"reportedAt\":\"2026-03-01T12:00:00Z\"},"
                                + "{\"stream\":\"s\",\"subscription\":\"w\",\"process\":\"p1\","
                                + "\"lane\":1,\"state\":\"paused-by-person\",\"rate\":0.0,"
                                + "\"waitsFor\":\"paused by anna\","
                                + "\"reportedAt\":\"2026-03-01T12:00:00Z\"}],\"paused\":[]}");
    }

    @Test
    void a_pause_and_its_end_are_done_once_and_say_what_was_not_done_and_why() {
        report();

        assertThat(http.post("/ops/v1/lanes/resume", BERT).whole().body())
                .isEqualTo("{\"stream\":\"s\",\"subscription\":\"w\",\"result\":\"not-paused\"}");
        assertThat(http.post("/ops/v1/lanes/pause", ANNA).whole().body())
                .isEqualTo(
                        "{\"stream\":\"s\",\"subscription\":\"w\",\"result\":\"paused\","
                                + "\"pause\":{\"by\":\"anna\",\"at\":\"2026-03-01T12:00:00Z\","
                                + "\"why\":\"a migration\"}}");
        JsonNode again = http.post("/ops/v1/lanes/pause", BERT).body();
        assertThat(again.get("result").asString()).isEqualTo("already-paused");
        assertThat(again.at("/pause/by").asString()).isEqualTo("anna");
        assertThat(http.get("/ops/v1/lanes").body().at("/paused/0/why").asString())
                .isEqualTo("a migration");

        JsonNode resumed = http.post("/ops/v1/lanes/resume", BERT).body();

        assertThat(resumed.get("result").asString()).isEqualTo("resumed");
        assertThat(http.get("/ops/v1/lanes").body().get("paused")).isEmpty();
        assertThat(http.get("/ops/v1/audit-log").body().get("acts"))
                .extracting(act -> act.get("act").asString() + " " + act.get("by").asString())
                .containsExactly("pause anna", "resume bert");
    }

    @Test
    void what_is_wrong_with_a_request_is_said_and_changes_nothing() {
        report();

        assertThat(http.get("/ops/v1/lanes?colour=red").status()).isEqualTo(400);
        for (String act : List.of("pause", "resume")) {
            Answer wrong = http.post("/ops/v1/lanes/" + act, "{\"stream\":\"Not A Name\",\"x\":1}");
            assertThat(wrong.isProblem(400, "invalid-request").body().get("errors"))
                    .extracting(error -> error.get("field").asString())
                    .containsExactlyInAnyOrder("/stream", "/subscription", "/by", "/x");
            Answer unknown = http.post("/ops/v1/lanes/" + act, ANNA.replace("\"w\"", "\"nobody\""));
            assertThat(unknown.isProblem(404, "not-found").text("/detail")).contains("No lane");
        }
        assertThat(http.get("/ops/v1/audit-log").body().get("acts")).isEmpty();
    }

    @Test
    void without_the_database_there_is_no_answer_but_that_it_is_away() {
        report();
        database.makeUnavailable();

        assertThat(http.get("/ops/v1/lanes").status()).isEqualTo(503);
        assertThat(http.post("/ops/v1/lanes/pause", ANNA).status()).isEqualTo(503);
        assertThat(http.post("/ops/v1/lanes/resume", ANNA).status()).isEqualTo(503);
    }

    private void report(LaneReport... lanes) {
        assertThat(
                        board.report(
                                new SubscriptionName(new StreamName("s"), "w"),
                                "p1",
                                List.of(lanes)))
                .isEmpty();
    }
}
