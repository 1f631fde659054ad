package dev.millrace.adapters.http.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.AuditReport;
import dev.millrace.domain.CopyState;
import dev.millrace.domain.Difference;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Period;
import dev.millrace.domain.Position;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driving.AuditNote;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;

/** How an audit is answered while it runs. */
final class AuditOverHttpTest {

    private static final String AUDIT = "/ops/v1/audit?stream=s&subscription=w";
    private static final SubscriptionId SUBSCRIPTION =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), new StreamName("s"), "w");

    private volatile Period asked = Period.ALL;
    private volatile Function<Consumer<AuditNote>, AuditReport> audit =
            _ -> new AuditReport(Map.of(), 0);
    private final RunningOperations http =
            new RunningOperations(
                    new ConservationRoutes(
                                    (_, period, notes) -> {
                                        asked = period;
                                        return audit.apply(notes);
                                    },
                                    List.of(SUBSCRIPTION))
                            .routes());

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void progress_differences_and_the_end_are_lines() {
        audit =
                notes -> {
                    for (long copies = 1_000; copies <= 20_000; copies += 1_000) {
                        notes.accept(new AuditNote.Progress(copies, 0));
                    }
                    notes.accept(
                            new AuditNote.Found(
                                    new Difference(
                                            Difference.Kind.LOST,
                                            new Position(1, 2, 3, 4),
                                            "m\"1",
                                            "no table knows of it")));
                    return new AuditReport(Map.of(CopyState.IN_FLIGHT, 5L), 1);
                };

        HttpResponse<String> answer = http.text(AUDIT);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(answer.body().lines())
                .containsExactly(
                        "{\"progress\":{\"copies\":10000,\"records\":0}}",
                        "{\"progress\":{\"copies\":20000,\"records\":0}}",
                        "{\"difference\":{\"kind\":\"lost\",\"position\":\"1:2:3:4\","
                                + "\"messageId\":\"m\\\"1\",\"detail\":\"no table knows of it\"}}",
                        "{\"report\":{\"balances\":false,\"differences\":1,\"copies\":{\"applied\":0,"
                            + "\"rejected\":0,\"parked\":0,\"quarantined\":0,\"duplicate\":0,"
                            + "\"discarded\":0,\"in-flight\":5,\"purged\":0}}}");
        assertThat(asked).isEqualTo(Period.ALL);
    }

    @Test
    void a_period_is_passed_on() {
        assertThat(
                        http.text(AUDIT + "&from=2026-03-01T12:00:00Z&to=2026-03-01T13:00:00Z")
                                .statusCode())
                .isEqualTo(200);
        assertThat(asked)
                .isEqualTo(
                        new Period(
                                Instant.parse("2026-03-01T12:00:00Z"),
                                Instant.parse("2026-03-01T13:00:00Z")));
    }

    @Test
    void an_outage_is_503_before_the_first_line_and_the_last_line_after_it() {
        audit =
                _ -> {
                    throw new Unavailable("the broker is away");
                };
        assertThat(http.text(AUDIT).statusCode()).isEqualTo(503);

        audit =
                notes -> {
                    notes.accept(new AuditNote.Progress(10_000, 0));
                    throw new Unavailable("the broker is away");
                };
        HttpResponse<String> answer = http.text(AUDIT);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().lines().toList().getLast())
                .isEqualTo(
                        "{\"problem\":{\"type\":\"urn:millrace:problem:unavailable\","
                                + "\"detail\":\"the broker is away\"}}");
    }

    @Test
    void one_audit_runs_at_a_time_and_lines_come_while_it_does() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        audit =
                notes -> {
                    notes.accept(new AuditNote.Progress(10_000, 0));
                    await(goOn);
                    return new AuditReport(Map.of(), 0);
                };
        Iterator<String> lines = http.lines(AUDIT);
        assertThat(lines.next()).contains("progress");

        HttpResponse<String> second = http.text(AUDIT);
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).contains("urn:millrace:problem:audit-running");

        goOn.countDown();
        assertThat(lines.next()).contains("report");
        assertThat(lines.hasNext()).isFalse();
        assertThat(http.text(AUDIT).statusCode()).isEqualTo(200);
    }

    @Test
    void what_is_wrong_is_told_and_nothing_is_audited() {
        audit =
                _ -> {
                    throw new AssertionError("audited");
                };
        assertThat(http.text("/ops/v1/audit?stream=s&subscription=x").statusCode()).isEqualTo(404);
        assertThat(http.text("/ops/v1/audit?stream=s&subscription=x").body()).contains("s/w");
        assertThat(http.text(AUDIT + "&from=2026-03-01T12:00:00Z&to=2026-03-01T12:00:00Z").body())
                .contains("\"status\":400", "must be later than from");
        assertThat(http.text(AUDIT + "&from=yesterday&depth=3").body())
                .contains("\"status\":400", "\"from\"", "\"depth\"");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
