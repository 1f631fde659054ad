package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.stack.SharedStack;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** SIGTERM: stops intake, drains the lanes, commits, acknowledges, closes in reverse. */
class ShutdownTest {

    @TempDir private Path folder;

    @Test
    void a_graceful_restart_in_mid_stream_loses_nothing_and_redelivers_nothing() {
        History history = History.generate(17, 60, 6_000);
        Site site = Site.on(SharedStack.endpoints(), ShutdownTest.class);
        Database database = new Database(site);
        ServiceProcess[] service = {ServiceProcess.ready(site, folder, Map.of())};
        OrderedSender sender = new OrderedSender(() -> service[0].gate(), 3);
        CompletableFuture<Void> sending =
                CompletableFuture.runAsync(() -> sender.send(history.reports()));
        await().until(() -> database.count("select count(*) from inbox_record") > 100);

        assertThat(service[0].terminate()).isZero();
        service[0] = ServiceProcess.ready(site, folder, Map.of());
        try (ServiceProcess again = service[0]) {
            sending.join();
            database.awaitRecords(history.reports().size());
            assertThat(database.books()).isEqualTo(history.books(0));
            assertThat(again.metric("millrace_processing_events_total", "outcome=\"redelivered\""))
                    .isZero();
        }
    }

    @Test
    void readiness_tells_the_truth_from_start_to_end() {
        Site site = Site.on(SharedStack.endpoints(), ShutdownTest.class);
        try (ServiceProcess service = ServiceProcess.ready(site, folder, Map.of())) {
            Http.Answer ready = Http.get(service.management().resolve("/health/ready"));
            assertThat(ready.json().get("conditions").findValuesAsString("met"))
                    .isNotEmpty()
                    .containsOnly("true");
            assertThat(Http.get(service.management().resolve("/health/live")).status())
                    .isEqualTo(200);
            assertThat(Http.get(service.management().resolve("/health/started")).status())
                    .isEqualTo(200);
            assertThat(service.terminate()).isZero();
            assertThat(service.log()).doesNotContain("Exception");
        }
    }
}
