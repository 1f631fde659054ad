package dev.millrace.adapters.http.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.Answer;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayMode;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.ReplayStep;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryReplays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

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

    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryReplays replays =
            new InMemoryReplays(
                    database,
                    SUBSCRIPTION.tenant(),
                    SUBSCRIPTION.namespace(),
                    InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")));
    private final RunningOperations http =
            new RunningOperations(
                    new ReplayRoutes(
                                    this::begin,
                                    replays::list,
                                    replays::find,
                                    replays::findings,
                                    replays::cancel,
                                    List.of(SUBSCRIPTION))
                            .routes());

    /** The topic has three partitions. */
    private ReplayBeginning begin(ReplayPlan plan, Signature signature) {
        return plan.scope().partition().orElse(0) < 3
                ? replays.begin(plan, List.of(SPAN), signature)
                : new ReplayBeginning.NoSuchPartition(3);
    }

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void a_replay_is_begun_as_asked_and_shown() {
        Answer begun =
                http.post(
                        PATH,
                        BEGIN.formatted(
                                ",\"why\":\"w\",\"from\":\"2026-03-01T11:00:00Z\",\"to\":\"4:50:2:0\","
                                    + "\"outOfOrder\":true,\"rate\":7"));

        assertThat(begun.status()).as(begun.whole().body()).isEqualTo(202);
        assertThat(begun.whole().body())
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
        assertThat(http.get(PATH + "/1").whole().body()).isEqualTo(begun.whole().body());
        assertThat(http.get(PATH).whole().body())
                .isEqualTo("{\"replays\":[" + begun.whole().body() + "]}");
        ReplayPlan plan = replays.find(1).orElseThrow().plan();
        assertThat(plan.mode()).isEqualTo(ReplayMode.FILL_GAPS);
        assertThat(plan.scope().to())
                .isEqualTo(new ReplayBoundary.Place(new Position(4, 50, 2, 0)));

        Answer second = http.post(PATH, BEGIN.formatted(""));
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.whole().body())
                .contains("urn:millrace:problem:replay-running", "Replay 1 ");
    }

    @Test
    void a_place_in_a_partition_that_there_is_not_is_a_mistake_of_its_field() {
        for (String field : List.of("from", "to")) {
            Answer wrong = http.post(PATH, BEGIN.formatted(",\"" + field + "\":\"4:17:3:0\""));
            var _ = wrong.isProblem(400, "invalid-request");
            assertThat(wrong.text("/errors/0/field")).isEqualTo("/" + field);
            assertThat(wrong.text("/errors/0/rule"))
                    .isEqualTo("must be in a partition of the topic, 0 to 2");
        }
        assertThat(http.get(PATH).body().get("replays")).isEmpty();
    }

    @Test
    void findings_come_by_pages() {
        var _ = http.post(PATH, BEGIN.formatted(""));
        var lease = replays.take(SUBSCRIPTION, "p", Duration.ofMinutes(1)).orElseThrow();
        List<ReplayFinding> found =
                List.of(
                        new ReplayFinding(0, ReplayFinding.Kind.GAP, SPAN.next(), "m1", "k", "why"),
                        new ReplayFinding(
                                0, ReplayFinding.Kind.FILLED, SPAN.next(), "m2", "k", "applied"));
        var _ =
                replays.advance(
                        lease, Duration.ofMinutes(1), new ReplayStep(SPAN.done(), 9, 0, 0, found));

        assertThat(http.get(PATH + "/1/findings?limit=1").whole().body())
                .isEqualTo(
                        "{\"findings\":[{\"number\":1,\"kind\":\"gap\",\"position\":\"4:17:2:0\","
                                + "\"messageId\":\"m1\",\"key\":\"k\",\"detail\":\"why\"}],"
                                + "\"next\":1}");
        assertThat(http.get(PATH + "/1/findings?after=1").whole().body())
                .contains("\"m2\"")
                .doesNotContain("next");
        assertThat(http.get(PATH + "/2/findings").status()).isEqualTo(404);
        assertThat(http.get(PATH + "/1").whole().body())
                .contains("\"state\":\"done\"", "\"differences\":1");
    }

    @Test
    void a_replay_is_cancelled_once() {
        assertThat(http.post(PATH + "/1/cancel", "{\"by\":\"anna\"}").status()).isEqualTo(404);
        var _ = http.post(PATH, BEGIN.formatted(""));
        Answer cancelled = http.post(PATH + "/1/cancel", "{\"by\":\"anna\"}");
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.whole().body())
                .contains("\"state\":\"cancelled\"", "cancelled by anna");
        Answer again = http.post(PATH + "/1/cancel", "{\"by\":\"anna\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.whole().body()).contains("already-ended");
    }

    @Test
    void what_is_wrong_is_told_all_at_once_and_nothing_is_begun() {
        Answer wrong =
                http.post(
                        PATH,
                        "{\"stream\":\"s\",\"subscription\":\"w\",\"mode\":\"guess\",\"from\":\"yesterday\","
                            + "\"rate\":0,\"outOfOrder\":\"yes\",\"depth\":1}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.whole().body())
                .contains("/by", "/mode", "/from", "/rate", "/outOfOrder", "/depth");
        assertThat(
                        http.post(PATH, BEGIN.formatted(",\"from\":\"4:9:2:0\",\"to\":\"4:9:1:0\""))
                                .whole()
                                .body())
                .contains("\"status\":400", "/to");
        assertThat(
                        http.post(
                                        PATH,
                                        BEGIN.replace("fill-gaps", "verify")
                                                .formatted(",\"outOfOrder\":true"))
                                .whole()
                                .body())
                .contains("\"status\":400", "/outOfOrder");
        Answer unknown = http.post(PATH, BEGIN.replace("\"w\"", "\"x\"").formatted(""));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.whole().body()).contains("s/w");
        database.makeUnavailable();
        assertThat(http.post(PATH, BEGIN.formatted("")).status()).isEqualTo(503);
        database.makeAvailable();
        assertThat(replays.list(0, 10)).isEmpty();
    }
}
