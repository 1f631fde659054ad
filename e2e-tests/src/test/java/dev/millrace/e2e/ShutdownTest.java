package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.Exchange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the health checks say of a service, and that it ends in order. Its end under load is what
 * {@link RollingRestartTest} is about.
 */
class ShutdownTest {

    @TempDir private Path folder;

    @Test
    void readiness_tells_the_truth_from_start_to_end() {
        Site site = Site.on(Stacks.shared(), ShutdownTest.class);
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

    @Test
    void while_it_drains_it_is_not_ready_and_takes_events_all_the_same() throws IOException {
        Site site = Site.on(Stacks.shared(), ShutdownTest.class);
        Map<String, String> settings = Map.of("MILLRACE_GATE_DRAIN", "5s");
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings);
                KeptConnection kept = new KeptConnection(service.gate())) {
            Exchange before = kept.post(Prober.report("before"));
            assertThat(before.status()).isEqualTo(202);
            assertThat(before.header("Connection")).isEmpty();

            service.askToEnd();
            service.awaitReadiness(false);

            assertThat(service.readiness()).contains("this process is stopping");
            Exchange last = kept.post(Prober.report("last"));
            assertThat(last.status()).isEqualTo(202);
            assertThat(last.header("Connection")).isEqualTo("close");
            assertThat(service.awaitExit()).isZero();
            assertThat(service.log()).doesNotContain("Exception").doesNotContain("cut off");
        }
    }
}
