package dev.millrace.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

class EmbeddedStackTest {
    @TempDir private static Path directory;
    @TempDir private static Path other;
    @TempDir private static Path foreign;

    private static EmbeddedStack stack;

    @BeforeAll
    static void start() {
        stack = EmbeddedStack.start(directory, StackOptions.defaults());
    }

    @AfterAll
    static void stop() {
        stack.close();
        assertThat(directory.resolve("endpoints.properties")).doesNotExist();
        assertThat(directory.resolve("broker")).isNotEmptyDirectory();
    }

    @Test
    void the_addresses_stand_in_a_file_that_only_its_owner_can_read() throws IOException {
        Path file = directory.resolve("endpoints.properties");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(new StackDirectory(directory).endpoints()).contains(stack.endpoints());
        assertThat(Files.readString(file))
                .contains("pulsar.service-url=pulsar://127.0.0.1:")
                .contains("pulsar.admin-url=http://127.0.0.1:")
                .contains("postgres.url=jdbc:postgresql://127.0.0.1:")
                .contains("postgres.user=millrace");
    }

    @Test
    void nothing_can_be_reached_from_outside() throws IOException {
        List<InetAddress> outside =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(Inet4Address.class::isInstance)
                        .filter(address -> !address.isLoopbackAddress())
                        .toList();
        for (InetAddress address : outside) {
            for (int port : ports()) {
                assertThatThrownBy(() -> connect(address, port)).isInstanceOf(IOException.class);
            }
        }
        for (int port : ports()) {
            connect(InetAddress.getLoopbackAddress(), port);
        }
    }

    @Test
    void postgres_writes_durably_and_asks_for_the_password() throws SQLException {
        try (Connection connection = connect(stack.endpoints().postgresPassword());
                Statement statement = connection.createStatement()) {
            assertThat(setting(statement, "fsync")).isEqualTo("on");
            assertThat(setting(statement, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(statement, "full_page_writes")).isEqualTo("on");
            assertThat(setting(statement, "max_connections")).isEqualTo("200");
            assertThat(setting(statement, "client_connection_check_interval")).isEqualTo("5s");
            assertThat(setting(statement, "server_encoding")).isEqualTo("UTF8");
            assertThat(setting(statement, "lc_collate")).isEqualTo("C");
            assertThat(setting(statement, "server_version")).startsWith("18.");
            statement.execute("CREATE DATABASE one_more");
        }
        assertThatThrownBy(() -> connect("wrong")).hasMessageContaining("password");
    }

    @Test
    void a_killed_broker_keeps_what_it_has_confirmed() throws Exception {
        String topic = createTopic();
        long killed = stack.brokerPid();
        MessageId confirmed;
        try (PulsarClient client = client();
                Producer<String> producer =
                        client.newProducer(Schema.STRING).topic(topic).create()) {
            confirmed = producer.send("kept");
        }
        stack.killBroker();
        assertThat(stack.isBrokerAlive()).isFalse();
        assertThat(stack.isPostgresAlive()).isTrue();

        stack.startBroker();

        assertThat(stack.brokerPid()).isNotEqualTo(killed);
        try (PulsarClient client = client();
                Reader<String> reader =
                        client.newReader(Schema.STRING)
                                .topic(topic)
                                .startMessageId(MessageId.earliest)
                                .create()) {
            Message<String> message = reader.readNext(20, TimeUnit.SECONDS);
            assertThat(message.getValue()).isEqualTo("kept");
            assertThat(message.getMessageId()).isEqualTo(confirmed);
        }
    }

    @Test
    void a_killed_postgres_keeps_what_it_has_committed() throws SQLException {
        long killed = stack.postgresPid();
        try (Connection connection = connect(stack.endpoints().postgresPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (word text)");
            statement.execute("INSERT INTO kept VALUES ('kept')");
            stack.killPostgres();
            assertThatThrownBy(() -> statement.execute("SELECT 1"))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(stack.isPostgresAlive()).isFalse();

        stack.startPostgres();

        assertThat(stack.postgresPid()).isNotEqualTo(killed);
        try (Connection connection = connect(stack.endpoints().postgresPassword());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT word FROM kept")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("kept");
        }
    }

    @Test
    void a_second_start_on_the_directory_says_who_is_there() {
        assertThatThrownBy(() -> EmbeddedStack.start(directory, StackOptions.defaults()))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("is running in " + directory)
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining(stack.endpoints().pulsarServiceUrl());
    }

    @Test
    void a_taken_port_is_named() {
        int taken = ports().getFirst();
        StackOptions options = new StackOptions(0, 0, taken, Map.of(), false, line -> {});

        assertThatThrownBy(() -> EmbeddedStack.start(other, options))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("port " + taken + " (--postgres-port) is taken");
        assertThat(new StackDirectory(other).holder()).isEmpty();
    }

    @Test
    void somebody_elses_folders_are_left_alone() throws IOException {
        Path theirs = Files.createDirectories(foreign.resolve("postgres"));
        StackOptions fresh = StackOptions.defaults().withFreshData();

        assertThatThrownBy(() -> EmbeddedStack.start(foreign, fresh))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("not a stack's");
        assertThat(theirs).exists();
    }

    private static List<Integer> ports() {
        Endpoints endpoints = stack.endpoints();
        return List.of(
                URI.create(endpoints.pulsarServiceUrl()).getPort(),
                URI.create(endpoints.pulsarAdminUrl()).getPort(),
                URI.create(endpoints.postgresUrl().substring("jdbc:".length())).getPort());
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1_000);
        }
    }

    private static Connection connect(String password) throws SQLException {
        Endpoints endpoints = stack.endpoints();
        return DriverManager.getConnection(
                endpoints.postgresUrl(), endpoints.postgresUser(), password);
    }

    private static String setting(Statement statement, String name) throws SQLException {
        String query =
                name.equals("lc_collate")
                        ? "SELECT datcollate FROM pg_database WHERE datname = current_database()"
                        : "SELECT current_setting('" + name + "')";
        try (ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static PulsarClient client() throws PulsarClientException {
        return PulsarClient.builder().serviceUrl(stack.endpoints().pulsarServiceUrl()).build();
    }

    private static String createTopic() throws IOException, InterruptedException {
        String topic = "public/default/kept-" + UUID.randomUUID();
        URI address =
                URI.create(stack.endpoints().pulsarAdminUrl() + "/admin/v2/persistent/" + topic);
        HttpRequest request =
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        }
        return "persistent://" + topic;
    }
}
