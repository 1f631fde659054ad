package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
