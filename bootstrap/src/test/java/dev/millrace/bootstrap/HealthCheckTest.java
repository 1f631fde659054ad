package dev.millrace.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.bootstrap.configuration.Settings;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class HealthCheckTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void it_says_what_the_service_says_and_tells_why() throws IOException {
        try (FakeManagement management = new FakeManagement()) {
            management.answer("GET /health/ready", 503, "{\"why\":\"no broker\"}");
            management.answer("GET /health/ready", 200, "{}");
            management.answer("GET /health/live", 200, "{}");
            String port = Integer.toString(URI.create(management.url()).getPort());
            assertThat(isSo("ready", port)).isFalse();
            assertThat(printed()).contains("no broker").doesNotContain("HTTP/1.1");
            assertThat(isSo("ready", port)).isTrue();
            assertThat(isSo("live", port)).isTrue();
        }
    }

    @Test
    void nobody_there_is_no_and_no_stack_trace() {
        assertThat(isSo("ready", "1")).isFalse();
        assertThat(isSo("ready", "none")).isFalse();
        assertThat(printed()).contains("port 1", "port none").doesNotContain("\tat ");
    }

    @Test
    void it_asks_where_the_service_listens_by_default() {
        assertThat(HealthCheck.DEFAULT_PORT).isEqualTo(Settings.MANAGEMENT_PORT.fallback());
    }

    private boolean isSo(String question, String port) {
        return HealthCheck.isSo(
                question,
                Map.of("MILLRACE_MANAGEMENT_PORT", port),
                new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
