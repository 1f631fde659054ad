package dev.millrace.adapters.http;

import dev.millrace.ports.Condition;
import dev.millrace.ports.driving.CheckReadiness;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;

import tools.jackson.core.JsonGenerator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The server for whoever operates the process: health, metrics, what it is. Never public.
 * Thread-safe.
 *
 * <p>{@code /health/live} and {@code /health/started} answer 200 or 503 with {@code {"status"}},
 * {@code /health/ready} also with each condition.
 */
public final class ManagementServer implements AutoCloseable {

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_CONNECTIONS = 64;
    private static final Duration HEAD_DEADLINE = Duration.ofSeconds(10);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final WebServer server;

    private ManagementServer(WebServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param live whether the process is worth keeping
     * @param started whether it has come up
     * @param metrics in Prometheus' text format
     * @param info about the process: strings, numbers, booleans, lists, and maps of these
     * @throws dev.millrace.domain.InvalidValue when the address or the port cannot be listened on
     */
    public static ManagementServer start(
            ManagementSettings settings,
            CheckReadiness checkReadiness,
            BooleanSupplier live,
            BooleanSupplier started,
            Supplier<String> metrics,
            Supplier<Map<String, ?>> info) {
        WebServer.Listening listening =
                new WebServer.Listening(
                        "management",
                        settings.bindAddress(),
                        settings.port(),
                        MAX_HEADER_BYTES,
                        MAX_CONNECTIONS,
                        HEAD_DEADLINE,
                        IDLE_TIMEOUT,
                        STOP_TIMEOUT);
        return new ManagementServer(
                WebServer.start(
                        listening,
                        routes -> {
                            get(
                                    routes,
                                    "/health/live",
                                    context -> answer(context, live.getAsBoolean()));
                            get(
                                    routes,
                                    "/health/started",
                                    context -> answer(context, started.getAsBoolean()));
                            get(
                                    routes,
                                    "/health/ready",
                                    context -> answer(context, checkReadiness.check()));
                            get(
                                    routes,
                                    "/metrics",
                                    context ->
                                            Answers.send(
                                                    context.res(),
                                                    200,
                                                    PROMETHEUS_TEXT,
                                                    metrics.get()
                                                            .getBytes(StandardCharsets.UTF_8)));
                            get(
                                    routes,
                                    "/info",
                                    context ->
                                            Answers.send(
                                                    context.res(),
                                                    200,
                                                    json -> write(json, info.get())));
                        }));
    }

    private static void get(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private static void answer(Context context, boolean up) throws IOException {
        Answers.send(
                context.res(),
                up ? 200 : 503,
                json -> {
                    json.writeStartObject();
                    json.writeStringProperty("status", status(up));
                    json.writeEndObject();
                });
    }

    private static void answer(Context context, List<Condition> conditions) throws IOException {
        boolean ready = conditions.stream().allMatch(Condition::met);
        Answers.send(
                context.res(),
                ready ? 200 : 503,
                json -> {
                    json.writeStartObject();
                    json.writeStringProperty("status", status(ready));
                    json.writeArrayPropertyStart("conditions");
                    for (Condition condition : conditions) {
                        json.writeStartObject();
                        json.writeStringProperty("name", condition.name());
                        json.writeBooleanProperty("met", condition.met());
                        json.writeStringProperty("detail", condition.detail());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    private static String status(boolean up) {
        return up ? "up" : "down";
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case Map<?, ?> members -> {
                json.writeStartObject();
                members.forEach((name, member) -> {
                    json.writeName(String.valueOf(name));
                    write(json, member);
                });
                json.writeEndObject();
            }
            case Iterable<?> elements -> {
                json.writeStartArray();
                elements.forEach(element -> write(json, element));
                json.writeEndArray();
            }
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(value.toString());
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Lets requests under way end for a short time, and stops. */
    @Override
    public void close() {
        server.close();
    }
}
