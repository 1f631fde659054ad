package dev.millrace.bootstrap.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.http.Contract;
import dev.millrace.adapters.http.Exchange;
import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.configuration.ConfigurationReader;
import dev.millrace.bootstrap.metrics.MetricsPage;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.Reader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/** The service without broker and database: it listens, says so, and stops. */
@Order(1) // It mostly waits: last, it would do so alone.
class MillraceTest {

    private static final String EVENT =
            """
            {"messageId":"m-1","accountId":"1","type":"credit","amountMinor":1,"currency":"EUR",
             "occurredAt":"2026-01-01T00:00:00Z"}
            """;

    @TempDir private static Path shared = Path.of("");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static AutoCloseable all = () -> {};

    @TempDir private Path directory = Path.of("");

    @BeforeAll
    static void start_with_all_roles() throws IOException {
        Files.writeString(
                shared.resolve("endpoints.properties"),
                "pulsar.service-url=pulsar://127.0.0.1:1\n");
        all = start(shared);
    }

    @AfterAll
    static void stop() throws Exception {
        all.close();
    }

    @Test
    void without_broker_and_database_it_lives_and_is_neither_started_nor_ready() throws Exception {
        String management = address(shared, "management.url");

        assertThat(get(management + "/health/live").statusCode()).isEqualTo(200);
        assertThat(get(management + "/health/started").statusCode()).isEqualTo(503);
        HttpResponse<String> ready = get(management + "/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body())
                .contains(
                        "gate.broker",
                        "worker.lanes",
                        "worker.database",
                        "reads.database",
                        "migrations",
                        "topics");
    }

    @Test
    void without_a_broker_an_event_is_surely_not_stored() throws Exception {
        HttpResponse<String> answer =
                judged(post(address(shared, "gate.url") + "/v1/streams/ledger-entries/events"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("m-1");
    }

    @Test
    void every_counter_is_there_from_the_start_at_zero() throws Exception {
        String metrics = get(address(shared, "management.url") + "/metrics").body();

        assertThat(metrics)
                .contains(
                        "millrace_gate_events_total{result=\"throttled\",stream=\"ledger-entries\",tenant=\"millrace\"}"
                            + " 0")
                .contains("millrace_processing_events_total{outcome=\"applied\",")
                .contains(
                        "millrace_gate_publish_seconds_bucket",
                        "millrace_processing_lag_seconds_bucket")
                .contains(
                        "millrace_processing_batch_events_bucket",
                        "millrace_processing_transaction_seconds_bucket")
                .contains(
                        "jvm_memory_used_bytes",
                        "hikaricp_connections",
                        "jetty_connections_current_connections",
                        "jetty_threads_busy")
                .contains("millrace_bottleneck{kind=\"hot-key\"} 0");
    }

    @Test
    void every_family_of_a_scrape_is_on_the_page_by_its_name_or_its_librarys_prefix()
            throws Exception {
        String page = MetricsPage.markdown();

        assertThat(
                        get(address(shared, "management.url") + "/metrics")
                                .body()
                                .lines()
                                .filter(line -> line.startsWith("# TYPE "))
                                .map(line -> line.split(" ", -1)[2])
                                .filter(family -> !family.endsWith("_max")))
                .allMatch(family ->
                        page.contains("| `" + family + "` |")
                                || page.contains("| `" + family.replaceFirst("_.*", "_") + "` |")
                                || family.startsWith("pulsar_client_"));
    }

    @Test
    void it_says_itself_that_the_broker_takes_nothing() throws Exception {
        String management = address(shared, "management.url");

        for (String path : List.of("/ops/v1/status", "/info")) {
            assertThat(get(management + path).body())
                    .contains("\"bottleneck\":{\"kind\":\"broker\"");
        }
        assertThat(get(management + "/ops/v1/status").body())
                .contains("\"ready\":false", "\"connectionsMax\":", "\"inFlight\":0")
                .contains("\"backlogEntries\":null");
    }

    @Test
    void info_says_what_it_is() throws Exception {
        assertThat(get(address(shared, "management.url") + "/info").body())
                .contains(
                        "\"version\":\"1.2.3\"",
                        "\"worker\"",
                        "\"type\":\"key_shared\"",
                        "\"lanes\":2");
    }

    @Test
    void its_addresses_join_those_of_the_stack_in_a_file_that_only_its_owner_reads()
            throws Exception {
        assertThat(address(shared, "pulsar.service-url")).isEqualTo("pulsar://127.0.0.1:1");
        assertThat(address(shared, "gate.url")).startsWith("http://127.0.0.1:");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(
                                        shared.resolve("endpoints.properties"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_gate_asks_for_no_database() throws Exception {
        try (Millrace _ = start(directory, "MILLRACE_ROLES", "gate")) {
            assertThat(get(address(directory, "management.url") + "/health/ready").body())
                    .contains("gate.broker")
                    .doesNotContain("database", "migrations");
            assertThat(judged(get(address(directory, "gate.url") + "/v1/accounts/1")).statusCode())
                    .isEqualTo(404);
            String management = address(directory, "management.url");
            assertThat(get(management + "/ops/v1/status").statusCode()).isEqualTo(200);
            assertThat(get(management + "/ops/v1/lanes").body()).contains("database-absent");
        }
    }

    @Test
    void reads_ask_for_no_broker() throws Exception {
        try (Millrace _ = start(directory, "MILLRACE_ROLES", "reads")) {
            assertThat(get(address(directory, "management.url") + "/health/ready").body())
                    .contains("reads.database")
                    .doesNotContain("broker", "topics");
            assertThat(judged(get(address(directory, "gate.url") + "/v1/accounts/1")).statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void while_it_drains_it_is_not_ready_for_that_and_answers_all_the_same() throws Exception {
        Millrace service = start(directory, "MILLRACE_ROLES", "gate", "MILLRACE_GATE_DRAIN", "3s");
        String gate = address(directory, "gate.url");
        String ready = address(directory, "management.url") + "/health/ready";
        assertThat(get(ready).body()).doesNotContain("stopping");
        assertThat(judged(get(gate + "/openapi.json")).headers().firstValue("Connection"))
                .isEmpty();

        CompletableFuture<Void> stop = CompletableFuture.runAsync(service::close);
        await().until(() -> get(ready).body().contains("this process is stopping"));
        await().until(() ->
                judged(get(gate + "/openapi.json"))
                        .headers()
                        .firstValue("Connection")
                        .equals(Optional.of("close")));

        assertThat(stop).isNotDone();
        stop.join();
        assertThatThrownBy(() -> get(gate + "/openapi.json")).isInstanceOf(ConnectException.class);
    }

    @Test
    void a_start_that_fails_half_way_closes_what_it_opened() throws Exception {
        int management = freePort();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            String[] settings = {
                "MILLRACE_ROLES",
                "gate",
                "MILLRACE_GATE_PORT",
                port,
                "MILLRACE_MANAGEMENT_PORT",
                Integer.toString(management)
            };

            assertThatThrownBy(() -> start(directory, settings))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("millrace.gate.port must be free")
                    .hasMessageContaining(port);
        }

        try (ServerSocket free =
                new ServerSocket(management, 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
    }

    private static Millrace start(Path directory, String... settings) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MILLRACE_STACK_DIRECTORY", directory.toString());
        environment.put("MILLRACE_GATE_PORT", "0");
        environment.put("MILLRACE_MANAGEMENT_PORT", "0");
        environment.put("MILLRACE_GATE_DRAIN", "0s");
        environment.put("MILLRACE_PULSAR_SERVICE_URL", "pulsar://127.0.0.1:1");
        environment.put("MILLRACE_PULSAR_ADMIN_URL", "http://127.0.0.1:1");
        environment.put("MILLRACE_PULSAR_OPERATION_TIMEOUT", "1s");
        environment.put("MILLRACE_POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/millrace");
        environment.put("MILLRACE_POSTGRES_USER", "millrace");
        environment.put("MILLRACE_POSTGRES_CONNECTION_TIMEOUT", "250ms");
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        Configuration configuration = ConfigurationReader.read(environment, "");
        return Millrace.start(configuration, "1.2.3", new StopRequest(), error -> {});
    }

    private static String address(Path directory, String name) throws IOException {
        Properties endpoints = new Properties();
        try (Reader reader = Files.newBufferedReader(directory.resolve("endpoints.properties"))) {
            endpoints.load(reader);
        }
        return endpoints.getProperty(name, "");
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(url)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** An answer of the gate, held against its contract. */
    private static HttpResponse<String> judged(HttpResponse<String> answer) {
        assertThat(Contract.ofTheGate().judge(Exchange.of(answer))).isNotEmpty();
        return answer;
    }

    private static HttpResponse<String> post(String url) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(EVENT))
                        .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
