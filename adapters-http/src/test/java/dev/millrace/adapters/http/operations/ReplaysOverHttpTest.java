package dev.millrace.adapters.http.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.management.ManagementServer;
import dev.millrace.adapters.http.management.ManagementSettings;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayMode;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.ReplayStep;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryReplays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** How replays are begun, shown and ended. */
final class ReplaysOverHttpTest {

    private static final SubscriptionId SUBSCRIPTION =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), new StreamName("s"), "w");
    private static final ReplaySpan SPAN =
            new ReplaySpan(new Position(4, 17, 2, 0), new Position(4, 99, 2, 0));
    private static final String PATH = "/ops/v1/replays";
    private static final String BEGIN =
            "{\"by\":\"anna\",\"stream\":\"s\",\"subscription\":\"w\",\"mode\":\"fill-gaps\"%s}";

    private final HttpClient client = HttpClient.newHttpClient();
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryReplays replays =
            new InMemoryReplays(
                    database,
                    SUBSCRIPTION.tenant(),
                    SUBSCRIPTION.namespace(),
                    InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")));
    private final ManagementServer server =
            ManagementServer.start(
                    new ManagementSettings("127.0.0.1", 0),
                    List::of,
                    () -> true,
                    () -> true,
                    () -> "",
                    Map::of,
                    new ReplayRoutes(
                                    (plan, signature) ->
                                            replays.begin(plan, List.of(SPAN), signature),
                                    replays::list,
                                    replays::find,
                                    replays::findings,
                                    replays::cancel,
                                    List.of(SUBSCRIPTION))
                            .routes());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void a_replay_is_begun_as_asked_and_shown() {
        HttpResponse<String> begun =
                post(
                        PATH,
                        BEGIN.formatted(
                                ",\"why\":\"w\",\"from\":\"2026-03-01T11:00:00Z\",\"to\":\"4:50:2:0\","
                                    + "\"outOfOrder\":true,\"rate\":7"));

        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        assertThat(begun.body())
                .isEqualTo(
                        "{\"id\":1,\"state\":\"running\",\"stream\":\"s\",\"subscription\":\"w\","
                            + "\"mode\":\"fill-gaps\",\"outOfOrder\":true,"
                            + "\"from\":\"2026-03-01T11:00:00Z\",\"to\":\"4:50:2:0\",\"rate\":7,"
                            + "\"copies\":0,\"inFlight\":0,\"purged\":0,\"differences\":0,"
                            + "\"findings\":{\"gap\":0,\"overtaken\":0,\"filled\":0,"
                            + "\"without-effect\":0,\"incomplete\":0,\"contradictory\":0},"
                            + "\"leftOut\":0,\"partitions\":[{\"partition\":2,\"next\":\"4:17:2:0\","
                            + "\"until\":\"4:99:2:0\"}],\"by\":\"anna\",\"why\":\"w\","
                            + "\"startedAt\":\"2026-03-01T12:00:00Z\",\"detail\":\"\"}");
        assertThat(get(PATH + "/1").body()).isEqualTo(begun.body());
        assertThat(get(PATH).body()).isEqualTo("{\"replays\":[" + begun.body() + "]}");
        ReplayPlan plan = replays.find(1).orElseThrow().plan();
        assertThat(plan.mode()).isEqualTo(ReplayMode.FILL_GAPS);
        assertThat(plan.scope().to())
                .isEqualTo(new ReplayBoundary.Place(new Position(4, 50, 2, 0)));

        HttpResponse<String> second = post(PATH, BEGIN.formatted(""));
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).contains("urn:millrace:problem:replay-running", "Replay 1 ");
    }

    @Test
    void findings_come_by_pages() {
        var _ = post(PATH, BEGIN.formatted(""));
        var lease = replays.take(SUBSCRIPTION, "p", Duration.ofMinutes(1)).orElseThrow();
        List<ReplayFinding> found =
                List.of(
                        new ReplayFinding(0, ReplayFinding.Kind.GAP, SPAN.next(), "m1", "k", "why"),
                        new ReplayFinding(
                                0, ReplayFinding.Kind.FILLED, SPAN.next(), "m2", "k", "applied"));
        var _ =
                replays.advance(
                        lease, Duration.ofMinutes(1), new ReplayStep(SPAN.done(), 9, 0, 0, found));

        assertThat(get(PATH + "/1/findings?limit=1").body())
                .isEqualTo(
                        "{\"findings\":[{\"number\":1,\"kind\":\"gap\",\"position\":\"4:17:2:0\","
                                + "\"messageId\":\"m1\",\"key\":\"k\",\"detail\":\"why\"}],"
                                + "\"next\":1}");
        assertThat(get(PATH + "/1/findings?after=1").body())
                .contains("\"m2\"")
                .doesNotContain("next");
        assertThat(get(PATH + "/2/findings").statusCode()).isEqualTo(404);
        assertThat(get(PATH + "/1").body()).contains("\"state\":\"done\"", "\"differences\":1");
    }

    @Test
    void a_replay_is_cancelled_once() {
        assertThat(post(PATH + "/1/cancel", "{\"by\":\"anna\"}").statusCode()).isEqualTo(404);
        var _ = post(PATH, BEGIN.formatted(""));
        HttpResponse<String> cancelled = post(PATH + "/1/cancel", "{\"by\":\"anna\"}");
        assertThat(cancelled.statusCode()).isEqualTo(200);
        assertThat(cancelled.body()).contains("\"state\":\"cancelled\"", "cancelled by anna");
        HttpResponse<String> again = post(PATH + "/1/cancel", "{\"by\":\"anna\"}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("already-ended");
    }

    @Test
    void what_is_wrong_is_told_all_at_once_and_nothing_is_begun() {
        HttpResponse<String> wrong =
                post(
                        PATH,
                        "{\"stream\":\"s\",\"subscription\":\"w\",\"mode\":\"guess\",\"from\":\"yesterday\","
                            + "\"rate\":0,\"outOfOrder\":\"yes\",\"depth\":1}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body())
                .contains("/by", "/mode", "/from", "/rate", "/outOfOrder", "/depth");
        assertThat(post(PATH, BEGIN.formatted(",\"from\":\"4:9:2:0\",\"to\":\"4:9:1:0\"")).body())
                .contains("\"status\":400", "/to");
        assertThat(
                        post(
                                        PATH,
                                        BEGIN.replace("fill-gaps", "verify")
                                                .formatted(",\"outOfOrder\":true"))
                                .body())
                .contains("\"status\":400", "/outOfOrder");
        HttpResponse<String> unknown = post(PATH, BEGIN.replace("\"w\"", "\"x\"").formatted(""));
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("s/w");
        database.makeUnavailable();
        assertThat(post(PATH, BEGIN.formatted("")).statusCode()).isEqualTo(503);
        database.makeAvailable();
        assertThat(replays.list(0, 10)).isEmpty();
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private HttpResponse<String> post(String path, String body) {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
