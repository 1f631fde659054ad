package dev.millrace.e2e;

import dev.millrace.stack.Endpoints;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** A namespace and a database of a test's own, on a stack that others may use too. */
final class Site {

    private final String name;
    private final Endpoints endpoints;
    private final String databaseUrl;

    private Site(String name, Endpoints endpoints, String databaseUrl) {
        this.name = name;
        this.endpoints = endpoints;
        this.databaseUrl = databaseUrl;
    }

    /** Makes a new database; the service makes the namespace. */
    static Site on(Endpoints endpoints, Class<?> test) {
        String name =
                test.getSimpleName().toLowerCase(Locale.ROOT)
                        + "-"
                        + UUID.randomUUID().toString().substring(0, 8);
        String database = name.replace('-', '_');
        try (Connection connection =
                        DriverManager.getConnection(
                                endpoints.postgresUrl(),
                                endpoints.postgresUser(),
                                endpoints.postgresPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + database);
        } catch (SQLException failure) {
            throw new IllegalStateException("no database for " + name, failure);
        }
        String url = endpoints.postgresUrl();
        return new Site(name, endpoints, url.substring(0, url.lastIndexOf('/') + 1) + database);
    }

    /** What a system works on that is there already. */
    static Site of(String namespace, Endpoints endpoints) {
        return new Site(namespace, endpoints, endpoints.postgresUrl());
    }

    /** Its namespace in the tenant {@code millrace}. */
    String namespace() {
        return name;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    /** The topic of the sample's stream. */
    String topic() {
        return "persistent://millrace/" + name + "/ledger-entries";
    }

    String databaseUrl() {
        return databaseUrl;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                databaseUrl, endpoints.postgresUser(), endpoints.postgresPassword());
    }

    /** What a service needs to work here, on free ports, with its own folder for what it writes. */
    Map<String, String> environment(Path directory) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MILLRACE_STACK_DIRECTORY", directory.toString());
        environment.put("MILLRACE_GATE_PORT", "0");
        environment.put("MILLRACE_MANAGEMENT_PORT", "0");
        // Those who do not test the drain need not wait for it.
        environment.put("MILLRACE_GATE_DRAIN", "0s");
        environment.put("MILLRACE_NAMESPACE", name);
        environment.put("MILLRACE_PULSAR_SERVICE_URL", endpoints.pulsarServiceUrl());
        environment.put("MILLRACE_PULSAR_ADMIN_URL", endpoints.pulsarAdminUrl());
        environment.put("MILLRACE_POSTGRES_URL", databaseUrl);
        environment.put("MILLRACE_POSTGRES_USER", endpoints.postgresUser());
        environment.put("MILLRACE_POSTGRES_PASSWORD", endpoints.postgresPassword());
        return environment;
    }
}
