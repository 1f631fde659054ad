package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A person pauses the lanes of a running service under traffic, and has them go on. */
class LanePauseTest {

    /** What the API promises. */
    private static final Duration BOUND = Duration.ofSeconds(2);

    private static final int LANES = 3;
    private static final Map<String, String> SETTINGS =
            Map.of("MILLRACE_PARTITIONS", "2", "MILLRACE_LANES", String.valueOf(LANES));
    private static final String RECORDS = "select count(*) from inbox_record";
    private static final String ANNA =
            "{\"stream\":\"ledger-entries\",\"subscription\":\"ledger\",\"by\":\"anna\","
                    + "\"why\":\"a migration\"}";

    @TempDir private Path folder;

    @Test
    void nothing_is_applied_in_a_pause_nor_after_a_restart_in_it_and_all_of_it_once_afterwards() {
        Site site = Site.on(Stacks.shared(), LanePauseTest.class);
        Database database = new Database(site);
        List<String> accepted;
        long applied;
        try (ServiceProcess service = ServiceProcess.ready(site, folder, SETTINGS)) {
            Prober prober = new Prober(service::gate, "paced");
            prober.start(4);
            database.awaitAtLeast(200);

            Duration took = follow(service, "pause", "paused-by-person");

            applied = database.count(RECORDS);
            int before = prober.withStatus(202).size();
            await().until(() -> prober.withStatus(202).size() > before + 300);
            assertThat(database.count(RECORDS)).as("applied in the pause").isEqualTo(applied);
            saysWhoPausedIt(service);
            prober.stop();
            accepted = prober.withStatus(202);
            System.out.printf(
                    "paused within %d ms after %d events, %d more came%n",
                    took.toMillis(), applied, accepted.size() - applied);
        }
        try (ServiceProcess again = ServiceProcess.ready(site, folder, SETTINGS)) {
            await().until(() -> are(again, "paused-by-person"));
            assertThat(database.count(RECORDS)).as("applied after a restart").isEqualTo(applied);
            listedInAShell(again);

            System.out.printf(
                    "resumed within %d ms%n", follow(again, "resume", "running").toMillis());

            database.awaitRecords(accepted);
            assertThat(database.count("select count(*) from entry")).isEqualTo(accepted.size());
            assertThat(database.count("select count(distinct message_id) from entry"))
                    .isEqualTo(accepted.size());
            await().until(() -> lanes(again).stream().anyMatch(lane -> lane.has("position")));
            assertThat(acts(again)).containsExactly("pause", "resume");
        }
    }

    /** Acts, and waits until every lane has followed; answers how long that took. */
    private static Duration follow(ServiceProcess service, String act, String state) {
        JsonNode answer =
                Http.post(
                                service.management().resolve("/ops/v1/lanes/" + act),
                                "application/json",
                                ANNA)
                        .json();
        assertThat(answer.get("result").asString()).isEqualTo(act + "d");
        long done = System.nanoTime();
        await(act)
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> are(service, state));
        return Duration.ofNanos(System.nanoTime() - done);
    }

    private static boolean are(ServiceProcess service, String state) {
        List<JsonNode> lanes = lanes(service);
        return lanes.size() == LANES
                && lanes.stream().allMatch(lane -> lane.get("state").asString().equals(state));
    }

    /** Those of this process: another may have died just now. */
    private static List<JsonNode> lanes(ServiceProcess service) {
        JsonNode lanes =
                Http.get(service.management().resolve("/ops/v1/lanes")).json().get("lanes");
        String own = "millrace-" + service.pid() + "-";
        return StreamSupport.stream(lanes.spliterator(), false)
                .filter(lane -> lane.get("process").asString().startsWith(own))
                .toList();
    }

    private static void saysWhoPausedIt(ServiceProcess service) {
        assertThat(service.isReady()).as("a pause is no fault").isTrue();
        assertThat(Http.get(service.management().resolve("/health/ready")).body())
                .contains("paused by anna", "a migration");
        assertThat(service.metric("millrace_lane_state", "state=\"paused-by-person\""))
                .isEqualTo(LANES);
        assertThat(lanes(service))
                .allMatch(lane -> lane.get("waitsFor").asString().startsWith("paused by anna"));
    }

    private void listedInAShell(ServiceProcess service) {
        Programs.Finished listed =
                Programs.run(
                        Programs.service(
                                Map.of(),
                                "lanes",
                                "list",
                                "--url",
                                service.management().toString()),
                        folder);
        assertThat(listed.status()).as(listed.err()).isZero();
        assertThat(listed.out()).contains("paused-by-person");
        assertThat(listed.err()).contains("ledger-entries/ledger is paused by anna");
    }

    private static List<String> acts(ServiceProcess service) {
        JsonNode acts =
                Http.get(service.management().resolve("/ops/v1/audit-log")).json().get("acts");
        return StreamSupport.stream(acts.spliterator(), false)
                .map(act -> act.get("act").asString())
                .toList();
    }
}
