package dev.millrace.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** {@code millrace status}, against a server that answers as the API does. */
final class StatusTest {

    private static final String REQUEST = "GET /ops/v1/status";
    private static final String STATUS =
            """
            {"at":"2026-03-01T12:00:0%dZ","instance":"millrace-1-ab","version":"1.2.3","roles":["gate","worker"],"ready":%s,
            "conditions":[{"name":"worker.lanes","met":%2$s,"detail":"an outage\\u001b[2J"}],
            "gate":{"acceptedRate":1234.56,"refusedRate":0,"throttledRate":0,"unstoredRate":0,"publishP50Seconds":0.0042,
            "publishP99Seconds":null,"inFlight":12,"inFlightLimit":20000},
            "subscriptions":[{"stream":"ledger-entries","subscription":"ledger","type":"key_shared","backlogEntries":1200,
            "backlogEvents":4800,"backlogAgeSeconds":900,"lagP50Seconds":1.25,"lagP99Seconds":3,"transactionP50Seconds":0.012,
            "transactionP99Seconds":0.08,"appliedRate":500,"rejectedRate":0.5,"busyLanes":1,"largestKeyShare":0.1,
            "lanes":{"running":2,"paused":1},"breaker":"closed","parkedKeys":2,"parkedEvents":7,"oldestParkedSeconds":60,
            "quarantined":3,"outboxEvents":1,"outboxOldestSeconds":2},
            {"stream":"ledger-entries","subscription":"elsewhere","type":"shared","backlogEntries":null,
            "backlogEvents":null,"backlogAgeSeconds":null}],
            "database":{"connectionsActive":2,"connectionsMax":6,"connectionsWaiting":0},
            "bottleneck":{"kind":"lanes","verdict":"Events have waited.","advice":"Add lanes."}}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakeManagement management;

    @BeforeEach
    void start() throws IOException {
        management = new FakeManagement();
    }

    @AfterEach
    void stop() {
        management.close();
    }

    @Test
    void a_person_reads_what_flows_what_waits_and_what_holds_it_up() {
        management.answer(REQUEST, 200, STATUS.formatted(0, true));

        assertThat(run()).isZero();

        assertThat(out.toString())
                .isEqualTo(
                        """
                        millrace-1-ab 1.2.3 (gate, worker) is ready
                          at           2026-03-01T12:00:00Z
                          bottleneck   lanes
                                       Events have waited.
                                       Add lanes.
                        gate
                          accepted     1,234.6 events/s, 0 refused
                          publish      p50 4 ms, p99 ?
                          under way    12 of 20,000
                        ledger-entries/ledger (key_shared)
                          backlog      1,200 entries, about 4,800 events, the oldest 15 min old
                          applied      500 events/s, 0.5 rejected
                          lag          p50 1.3 s, p99 3.0 s
                          transaction  p50 12 ms, p99 80 ms
                          lanes        2 running, 1 paused; breaker closed
                          parked       7 events of 2 keys, the oldest 60.0 s old
                          quarantine   3 copies, 1 of them not yet in the dead-letter topic
                        ledger-entries/elsewhere (shared)
                          backlog      ? entries, about ? events, the oldest ? old
                        database
                          connections  2 of 6 in use, 0 waited for
                        """);
    }

    @Test
    void one_that_is_not_ready_ends_with_1_and_says_what_is_not_met() {
        management.answer(REQUEST, 200, STATUS.formatted(0, false));

        assertThat(run()).isEqualTo(1);
        assertThat(out.toString())
                .contains("NOT READY", "not met      worker.lanes: an outage?[2J")
                .doesNotContain("\u001b");
    }

    @Test
    void a_program_gets_the_answer_as_it_is() {
        management.answer(REQUEST, 200, "{\"ready\":true,\"at\":\"x\"}");

        assertThat(run("--json")).isZero();
        assertThat(run("-o", "json")).isZero();
        assertThat(out.toString().lines())
                .containsExactly("{\"ready\":true,\"at\":\"x\"}", "{\"ready\":true,\"at\":\"x\"}");
    }

    @Test
    void a_service_that_is_away_ends_with_3_also_when_it_is_to_be_watched() {
        management.close();

        assertThat(run()).isEqualTo(3);
        assertThat(run("--watch")).isEqualTo(3);
        assertThat(err.toString()).contains("No service answers at");
    }

    @Test
    void who_watches_sees_it_again_and_again_and_hears_when_it_is_away() throws Exception {
        management.answer(REQUEST, 200, STATUS.formatted(1, true));
        management.answer(REQUEST, 200, STATUS.formatted(2, true));
        management.answer(REQUEST, 503, "{\"detail\":\"It stops.\"}");
        AtomicInteger end = new AtomicInteger(-1);
        Thread watching = Thread.ofVirtual().start(() -> end.set(run("--watch")));

        until(() -> out.toString().contains("STALE"));
        watching.interrupt();
        watching.join(Duration.ofSeconds(10));

        assertThat(end).as("an end that was wished").hasValue(0);
        assertThat(out.toString())
                .containsSubsequence(
                        "12:00:01Z", "12:00:02Z", "STALE, as it was", "It stops.", "12:00:02Z")
                .doesNotContain("\u001b");
    }

    /** Looks often, for what another thread does. */
    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "status";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--url";
        all[arguments.length + 2] = management.url();
        CommandLine commandLine = Main.commandLine(Map.of());
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(all);
    }
}
