package dev.millrace.adapters.http.management;

import dev.millrace.adapters.http.answers.Answers;
import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.console.Console;
import dev.millrace.adapters.http.operations.ActBodies;
import dev.millrace.adapters.http.operations.OperationRoute;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.adapters.http.server.RequestSpans;
import dev.millrace.adapters.http.server.WebServer;
import dev.millrace.ports.Condition;
import dev.millrace.ports.driving.CheckReadiness;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.NotFoundResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;

import tools.jackson.core.JsonGenerator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The server for whoever operates the process: health, metrics, what it is, what can be done about
 * failed events, and at {@code /} the console, a page that shows and does all of it. Never public.
 * Thread-safe.
 *
 * <p>{@code /health/live} and {@code /health/started} answer 200 or 503 with {@code {"status"}},
 * {@code /health/ready} also with each condition.
 */
public final class ManagementServer implements AutoCloseable {

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPERATIONS = "/ops/";
    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_CONNECTIONS = 64;
    private static final Duration HEAD_DEADLINE = Duration.ofSeconds(10);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final WebServer server;
    private final Feeds feeds;

    private ManagementServer(WebServer server, Feeds feeds) {
        this.server = server;
        this.feeds = feeds;
    }

    /**
     * Starts to listen.
     *
     * @param live whether the process is worth keeping
     * @param started whether it has come up
     * @param metrics in Prometheus' text format
     * @param info about the process: strings, numbers, booleans, lists, and maps of these
     * @param operations that people have here; without the database those of the process alone
     * @param tracer gives each act a span
     * @throws dev.millrace.domain.InvalidValue when the address or the port cannot be listened on
     */
    public static ManagementServer start(
            ManagementSettings settings,
            CheckReadiness checkReadiness,
            BooleanSupplier live,
            BooleanSupplier started,
            Supplier<String> metrics,
            Supplier<Map<String, ?>> info,
            List<OperationRoute> operations,
            Tracer tracer) {
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
        Feeds feeds = new Feeds();
        return new ManagementServer(
                WebServer.start(
                        listening,
                        routes -> {
                            Console.serve(routes);
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
                            ActBodies bodies = new ActBodies();
                            RequestSpans spans = new RequestSpans(tracer);
                            operations.forEach(
                                    operation -> serve(routes, operation, bodies, feeds, spans));
                            explainAbsentDatabase(
                                    routes,
                                    operations.stream().allMatch(ManagementServer::isLocal));
                        }),
                feeds);
    }

    private static boolean isLocal(OperationRoute operation) {
        return switch (operation) {
            case OperationRoute.Local _, OperationRoute.Feed _ -> true;
            case OperationRoute.Look _, OperationRoute.Act _, OperationRoute.Report _ -> false;
        };
    }

    private static void serve(
            RoutesConfig routes,
            OperationRoute operation,
            ActBodies bodies,
            Feeds feeds,
            RequestSpans spans) {
        switch (operation) {
            case OperationRoute.Look(ReadRoute route) ->
                    get(routes, route.path(), context -> look(context, route));
            case OperationRoute.Local(ReadRoute route) ->
                    get(routes, route.path(), context -> look(context, route));
            case OperationRoute.Feed feed ->
                    routes.get(feed.path(), context -> feeds.serve(context, feed));
            case OperationRoute.Report report ->
                    routes.get(
                            report.path(),
                            context ->
                                    Answers.send(
                                            context.res(),
                                            report.handler().report(new ReadRequest(context))));
            case OperationRoute.Act act -> {
                Handler handler =
                        spans.around(
                                act.method().name(),
                                act.path(),
                                context ->
                                        Answers.send(
                                                context.res(),
                                                act.status(),
                                                act.handler().act(bodies.read(context))));
                switch (act.method()) {
                    case POST -> routes.post(act.path(), handler);
                    case PUT -> routes.put(act.path(), handler);
                }
            }
        }
    }

    private static void look(Context context, ReadRoute route) throws IOException {
        JsonBody body =
                route.handler()
                        .read(new ReadRequest(context))
                        .orElseThrow(() ->
                                new Refusal(
                                        404,
                                        ProblemType.NOT_FOUND,
                                        "There is nothing under this name."));
        Answers.send(context.res(), 200, body);
    }

    private static void explainAbsentDatabase(RoutesConfig routes, boolean absent) {
        routes.exception(
                NotFoundResponse.class,
                (missing, context) ->
                        WebServer.answer(
                                context.res(),
                                absent && context.path().startsWith(OPERATIONS)
                                        ? Problem.of(
                                                404,
                                                ProblemType.DATABASE_ABSENT,
                                                "Operations are served by processes with the role"
                                                        + " worker or reads, which have the"
                                                        + " database; this one has neither.")
                                        : WebServer.unknownRoute()));
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

    /** Counts its connections and its threads there from now on. */
    public void countInto(MeterRegistry registry) {
        server.countInto(registry, "management");
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Ends what is followed, lets requests under way end for a short time, and stops. */
    @Override
    public void close() {
        feeds.close();
        server.close();
    }
}
