package dev.millrace.e2e;

import dev.millrace.stack.Endpoints;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The compose file as a person starts it, as a project of its own on free ports. Broker and
 * database publish none, so a test reaches them by their containers' addresses, as Linux lets it.
 */
final class ComposeProject {

    private static final Path FILE = Programs.checkout().resolve("docker/compose.yaml");

    /** The image, which somebody has built before. */
    private static final String VERSION = System.getProperty("e2e.image", "check");

    private static final String OF_PROJECT = "label=com.docker.compose.project=";

    private final String name = "millrace-" + UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> compose;

    ComposeProject() {
        compose =
                CommandLine.works("docker", "compose", "version")
                        ? List.of("docker", "compose")
                        : List.of("docker-compose");
        environment.put("MILLRACE_VERSION", VERSION);
        for (String port :
                List.of(
                        "MILLRACE_GATE_PORT_1",
                        "MILLRACE_GATE_PORT_2",
                        "MILLRACE_MANAGEMENT_PORT_1",
                        "MILLRACE_MANAGEMENT_PORT_2",
                        "PROMETHEUS_PORT",
                        "GRAFANA_PORT")) {
            environment.put(port, freePort());
        }
    }

    private static String freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    /** One command of compose. */
    String run(String... arguments) {
        List<String> command = new ArrayList<>(compose);
        command.addAll(List.of("-p", name, "-f", FILE.toString()));
        command.addAll(List.of(arguments));
        return CommandLine.run(environment, command);
    }

    /** The ID of a service's container, running or not; asked of the engine, which is quicker. */
    String container(String service) {
        return CommandLine.run(
                "docker",
                "ps",
                "-aq",
                "--filter",
                OF_PROJECT + name,
                "--filter",
                "label=com.docker.compose.service=" + service);
    }

    /** What the engine knows of a service's container, by a template of {@code docker inspect}. */
    String inspect(String service, String format) {
        return CommandLine.run("docker", "inspect", "--format", format, container(service));
    }

    /** Runs a program in a service's container. */
    String execute(String service, String... command) {
        List<String> all = new ArrayList<>(List.of("docker", "exec", container(service)));
        all.addAll(List.of(command));
        return CommandLine.run(Map.of(), all);
    }

    boolean isHealthy(String service) {
        return inspect(service, "{{.State.Health.Status}}").equals("healthy");
    }

    /** The process ID on this machine of the first process of a service's container. */
    long pid(String service) {
        return Long.parseLong(inspect(service, "{{.State.Pid}}"));
    }

    URI gate(int instance) {
        return local("MILLRACE_GATE_PORT_" + instance);
    }

    URI management(int instance) {
        return local("MILLRACE_MANAGEMENT_PORT_" + instance);
    }

    URI prometheus() {
        return local("PROMETHEUS_PORT");
    }

    private URI local(String port) {
        return URI.create(
                "http://127.0.0.1:" + Objects.requireNonNull(environment.get(port)) + "/");
    }

    /** Its namespace and its database; the addresses are those of this moment. */
    Site site() {
        String pulsar = address("pulsar");
        return Site.of(
                "events",
                new Endpoints(
                        "pulsar://" + pulsar + ":6650",
                        "http://" + pulsar + ":8080",
                        "jdbc:postgresql://" + address("postgres") + ":5432/millrace",
                        "millrace",
                        execute("postgres", "cat", "/run/millrace/postgres-password")));
    }

    private String address(String service) {
        return inspect(service, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
    }

    /** What is left of it of one kind: {@code container}, {@code volume} or {@code network}. */
    List<String> remains(String kind) {
        String filter = OF_PROJECT + name;
        List<String> command =
                kind.equals("container")
                        ? List.of("docker", kind, "ls", "-aq", "--filter", filter)
                        : List.of("docker", kind, "ls", "-q", "--filter", filter);
        return CommandLine.run(Map.of(), command).lines().toList();
    }
}
