package dev.millrace.adapters.http.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.adapters.http.Answer;
import dev.millrace.adapters.http.RunningGate;
import dev.millrace.domain.InvalidValue;
import dev.millrace.ports.Condition;

import io.opentelemetry.api.trace.TracerProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the process tells whoever operates it. */
final class ManagementServerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private volatile boolean isUp = true;
    private final ManagementServer server =
            ManagementServer.start(
                    new ManagementSettings("127.0.0.1", 0),
                    () ->
                            isUp
                                    ? List.of(Condition.met("gate.broker"))
                                    : List.of(
                                            Condition.met("gate.broker"),
                                            Condition.unmet(
                                                    "worker.database", "no \"connection\"")),
                    () -> isUp,
                    () -> isUp,
                    () -> "millrace_gate_events_total 1\n",
                    () ->
                            Map.of(
                                    "roles",
                                    List.of("gate"),
                                    "version",
                                    "1",
                                    "build",
                                    Map.of("partitions", 3, "clean", true)),
                    List.of(),
                    TracerProvider.noop().get(""));

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private Answer get(String path) {
        return new Answer(
                RunningGate.exchange(
                        client,
                        HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.port() + path))),
                Set.of());
    }

    @Test
    void health_is_200_while_all_is_well() {
        assertThat(get("/health/live").status()).isEqualTo(200);
        assertThat(get("/health/started").status()).isEqualTo(200);
        Answer ready = get("/health/ready");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.body())
                .isEqualTo(
                        Answer.json(
                                """
                                {"status":"up","conditions":[{"name":"gate.broker","met":true,"detail":""}]}
                                """));
    }

    @Test
    void health_is_503_with_the_condition_that_is_not_met() {
        isUp = false;

        assertThat(get("/health/live").status()).isEqualTo(503);
        assertThat(get("/health/started").status()).isEqualTo(503);
        Answer ready = get("/health/ready");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.text("/status")).isEqualTo("down");
        assertThat(ready.text("/conditions/1/detail")).isEqualTo("no \"connection\"");
    }

    @Test
    void metrics_are_prometheus_text() {
        Answer metrics = get("/metrics");

        assertThat(metrics.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.whole().body()).isEqualTo("millrace_gate_events_total 1\n");
    }

    @Test
    void info_is_json_of_any_depth() {
        assertThat(get("/info").body())
                .isEqualTo(
                        Answer.json(
                                """
                                {"roles":["gate"],"version":"1","build":{"partitions":3,"clean":true}}
                                """));
    }

    @Test
    void errors_are_problems_here_too() {
        get("/nothing").isProblem(404, "unknown-route");
        HttpRequest.Builder post =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                        .POST(HttpRequest.BodyPublishers.noBody());
        assertThat(
                        RunningGate.send(client, post)
                                .isProblem(405, "method-not-allowed")
                                .header("Allow"))
                .isEqualTo("GET, HEAD");
    }

    @Test
    void without_the_database_it_says_who_serves_operations() {
        get("/ops/v1/quarantine").isProblem(404, "database-absent");
    }

    @Test
    void a_port_that_is_taken_is_told_by_its_name() {
        ManagementSettings taken = new ManagementSettings("127.0.0.1", server.port());

        assertThatThrownBy(() ->
                        ManagementServer.start(
                                taken,
                                List::of,
                                () -> true,
                                () -> true,
                                () -> "",
                                Map::of,
                                List.of(),
                                TracerProvider.noop().get("")))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        broken -> assertThat(broken.field()).isEqualTo("management.port"));
    }
}
