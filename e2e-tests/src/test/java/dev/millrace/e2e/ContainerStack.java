package dev.millrace.e2e;

import dev.millrace.stack.Endpoints;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.awaitility.Awaitility;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Broker and database as containers, from the images that docker/compose.yaml names and with the
 * settings that the embedded broker has. Their ports on this machine stay the same when they are
 * started again.
 */
final class ContainerStack implements Stack {

    private static final String PULSAR = "apachepulsar/pulsar:4.2.4";
    private static final String POSTGRES = "postgres:18";
    private static final String NAME = "millrace";
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final int pulsarPort = freePort();
    private final int adminPort = freePort();
    private final int postgresPort = freePort();
    private final String password = UUID.randomUUID().toString();
    private final GenericContainer<?> broker;
    private final GenericContainer<?> postgres;

    private ContainerStack(Map<String, String> brokerSettings) {
        broker = broker(brokerSettings);
        postgres = postgres();
    }

    /**
     * Starts one and returns when both take requests.
     *
     * @throws IllegalStateException when there is no engine, or an image cannot be had
     */
    static ContainerStack start(Map<String, String> brokerSettings) {
        requireEngineAndImages();
        ContainerStack stack = new ContainerStack(brokerSettings);
        try {
            stack.postgres.start();
            stack.broker.start();
            return stack;
        } catch (RuntimeException | Error failure) {
            stack.close();
            throw failure;
        }
    }

    /** Said at once: otherwise it would be found out by waiting. */
    private static void requireEngineAndImages() {
        if (!CommandLine.works("docker", "info")) {
            throw new IllegalStateException(
                    "-De2e.stack=containers needs a Docker engine, and none answers `docker info`");
        }
        requireImage(PULSAR);
        requireImage(POSTGRES);
    }

    static void requireImage(String image) {
        if (!CommandLine.works("docker", "image", "inspect", image)) {
            try {
                String _ = CommandLine.run("docker", "pull", "--quiet", image);
            } catch (IllegalStateException refused) {
                throw new IllegalStateException(
                        "the image "
                                + image
                                + " is not on this machine and cannot be pulled: "
                                + refused.getMessage(),
                        refused);
            }
        }
    }

    private GenericContainer<?> broker(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        Properties embedded = embeddedSettings();
        embedded.stringPropertyNames()
                .forEach(name ->
                        environment.put("PULSAR_PREFIX_" + name, embedded.getProperty(name, "")));
        settings.forEach((name, value) -> environment.put("PULSAR_PREFIX_" + name, value));
        environment.put("PULSAR_MEM", "-Xms128m -Xmx640m -XX:MaxDirectMemorySize=512m");
        environment.put("PULSAR_GC", "-XX:+UseSerialGC");
        return publishing(
                        new GenericContainer<>(DockerImageName.parse(PULSAR)),
                        Map.of(6650, pulsarPort, 8080, adminPort))
                .withEnv(environment)
                .withCommand(
                        "/bin/bash",
                        "-c",
                        "bin/apply-config-from-env.py conf/standalone.conf && exec bin/pulsar"
                                + " standalone --no-functions-worker --no-stream-storage")
                .waitingFor(waiting(this::producesAndConsumes));
    }

    private GenericContainer<?> postgres() {
        return publishing(
                        new GenericContainer<>(DockerImageName.parse(POSTGRES)),
                        Map.of(5432, postgresPort))
                .withEnv("POSTGRES_USER", NAME)
                .withEnv("POSTGRES_DB", NAME)
                .withEnv("POSTGRES_PASSWORD", password)
                .withCommand("postgres", "-c", "max_connections=200")
                .waitingFor(waiting(this::takesConnections));
    }

    /** On 127.0.0.1 alone, and on ports that outlive a restart. */
    private static GenericContainer<?> publishing(
            GenericContainer<?> container, Map<Integer, Integer> ports) {
        List<String> bindings = new ArrayList<>();
        ports.forEach((inside, here) -> bindings.add("127.0.0.1:" + here + ":" + inside));
        container.setPortBindings(bindings);
        return container;
    }

    /**
     * What the embedded broker and its bookie are set to, but for what ties them to this machine.
     */
    private static Properties embeddedSettings() {
        Properties settings = new Properties();
        try (InputStream broker = Endpoints.class.getResourceAsStream("broker.conf")) {
            settings.load(Objects.requireNonNull(broker, "the embedded broker's settings"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        List.of("bindAddress", "clusterName").forEach(settings::remove);
        // Clients are sent to the address that they came by, so this one is for the broker itself.
        settings.setProperty("advertisedAddress", "127.0.0.1");
        settings.setProperty("journalSyncData", "true");
        settings.setProperty("journalFlushWhenQueueEmpty", "true");
        settings.setProperty("journalMaxGroupWaitMSec", "1");
        return settings;
    }

    @Override
    public Endpoints endpoints() {
        return new Endpoints(
                "pulsar://127.0.0.1:" + pulsarPort,
                "http://127.0.0.1:" + adminPort,
                "jdbc:postgresql://127.0.0.1:" + postgresPort + "/" + NAME,
                NAME,
                password);
    }

    /** A broker may listen, and say that it is well, before it can keep anything. */
    private boolean producesAndConsumes() {
        String topic = "persistent://public/default/ready-" + UUID.randomUUID();
        Http.Answer made =
                Http.put(
                        URI.create(
                                endpoints().pulsarAdminUrl()
                                        + "/admin/v2/"
                                        + topic.replace("://", "/")));
        if (made.status() >= 300 || made.status() == 0) {
            return false;
        }
        try (PulsarClient client =
                        PulsarClient.builder().serviceUrl(endpoints().pulsarServiceUrl()).build();
                Producer<byte[]> producer = client.newProducer().topic(topic).create();
                Reader<byte[]> reader =
                        client.newReader(Schema.BYTES)
                                .topic(topic)
                                .startMessageId(MessageId.earliest)
                                .create()) {
            MessageId sent = producer.send(new byte[] {1});
            Message<byte[]> received = reader.readNext(10, TimeUnit.SECONDS);
            return received != null && received.getMessageId().equals(sent);
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean takesConnections() {
        Endpoints here = endpoints();
        try (Connection connection =
                DriverManager.getConnection(
                        here.postgresUrl(), here.postgresUser(), here.postgresPassword())) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static AbstractWaitStrategy waiting(Condition condition) {
        return new AbstractWaitStrategy() {
            @Override
            protected void waitUntilReady() {
                await(condition);
            }
        };
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(condition::holds);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    @Override
    public void killBroker() {
        docker("kill", broker);
    }

    @Override
    public void startBroker() {
        docker("start", broker);
        await(this::producesAndConsumes);
    }

    @Override
    public void restartBroker() {
        docker("restart", broker);
        await(this::producesAndConsumes);
    }

    @Override
    public void suspendBroker() {
        docker("pause", broker);
    }

    @Override
    public void resumeBroker() {
        docker("unpause", broker);
    }

    @Override
    public void killPostgres() {
        docker("kill", postgres);
    }

    @Override
    public void startPostgres() {
        docker("start", postgres);
        await(this::takesConnections);
    }

    @Override
    public void suspendPostgres() {
        docker("pause", postgres);
    }

    @Override
    public void resumePostgres() {
        docker("unpause", postgres);
    }

    private static void docker(String act, GenericContainer<?> container) {
        String _ = CommandLine.run("docker", act, container.getContainerId());
    }

    /** With their volumes. */
    @Override
    public void close() {
        broker.stop();
        postgres.stop();
    }
}
