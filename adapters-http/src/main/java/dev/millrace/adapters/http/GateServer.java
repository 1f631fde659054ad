package dev.millrace.adapters.http;

import dev.millrace.adapters.http.answers.Answers;
import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.adapters.http.server.RequestSpans;
import dev.millrace.adapters.http.server.WebServer;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.NotFoundResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.NanoTime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * The public server: takes events in and answers reads. Thread-safe.
 *
 * <p>It serves the roles it is given something for: {@code gate} when there is a stream, {@code
 * reads} when there is a route. A path of the other role is answered 404 with a problem that says
 * which role serves it.
 */
public final class GateServer implements AutoCloseable {

    private static final Pattern EVENTS = Pattern.compile("/v1/streams/[^/]+/events");
    private static final String READS = "/v1/";

    private final WebServer server;

    private GateServer(WebServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param streams that events are taken of; none when this process does not have the role {@code
     *     gate}
     * @param reads that are answered; none when this process does not have the role {@code reads}
     * @param tracer gives each request for events a span
     * @throws dev.millrace.domain.InvalidValue when the address or the port cannot be listened on
     */
    public static GateServer start(
            GateSettings settings,
            List<StreamGate<?>> streams,
            List<ReadRoute> reads,
            Tracer tracer) {
        GateLimits limits = settings.limits();
        WebServer.Listening listening =
                new WebServer.Listening(
                        "gate",
                        settings.bindAddress(),
                        settings.port(),
                        limits.maxHeaderBytes(),
                        limits.maxConnections(),
                        limits.bodyDeadline(),
                        limits.idleTimeout(),
                        limits.stopTimeout());
        Semaphore underWay = new Semaphore(limits.maxConcurrentRequests());
        return new GateServer(
                WebServer.start(
                        listening,
                        routes -> {
                            if (!streams.isEmpty()) {
                                EventsHandler events =
                                        new EventsHandler(streams, limits, settings.rate());
                                Handler handler = bounded(underWay, limits, events::handle);
                                routes.post(
                                        EventsHandler.PATH,
                                        new RequestSpans(tracer)
                                                .around(
                                                        "POST",
                                                        EventsHandler.PATH,
                                                        context ->
                                                                answer(events, handler, context)));
                            }
                            for (ReadRoute route : reads) {
                                Handler handler =
                                        bounded(
                                                underWay,
                                                limits,
                                                context -> answer(route, context));
                                routes.get(route.path(), handler);
                                routes.head(route.path(), handler);
                            }
                            Docs.serve(routes);
                            explainAbsentRoles(routes, streams.isEmpty(), reads.isEmpty());
                        }));
    }

    private static void answer(EventsHandler events, Handler handler, Context context)
            throws Exception {
        try {
            handler.handle(context);
        } catch (Refusal refusal) {
            events.refuse(refusal, context);
        }
        events.finish(context);
    }

    /** Refuses what is beyond the bound at once: a queue would only make everyone wait. */
    private static Handler bounded(Semaphore underWay, GateLimits limits, Handler handler) {
        return context -> {
            if (!underWay.tryAcquire()) {
                throw new Refusal(
                        Problem.of(
                                        429,
                                        ProblemType.TOO_BUSY,
                                        "As many requests are under way as this gate takes; nothing"
                                                + " is stored.")
                                .withRetryAfter(limits.retryAfter()));
            }
            try {
                handler.handle(context);
            } finally {
                underWay.release();
            }
        };
    }

    private static void answer(ReadRoute route, Context context) throws Exception {
        JsonBody body =
                route.handler()
                        .read(new ReadRequest(context))
                        .orElseThrow(() ->
                                new Refusal(
                                        404,
                                        ProblemType.NOT_FOUND,
                                        "There is nothing under this name, perhaps not yet."));
        Answers.send(context.res(), 200, body);
    }

    private static void explainAbsentRoles(
            RoutesConfig routes, boolean withoutGate, boolean withoutReads) {
        routes.exception(
                NotFoundResponse.class,
                (missing, context) -> {
                    String method = context.method().name();
                    boolean isRead = method.equals("GET") || method.equals("HEAD");
                    if (withoutGate
                            && method.equals("POST")
                            && EVENTS.matcher(context.path()).matches()) {
                        WebServer.answer(context.res(), absent("gate"));
                    } else if (withoutReads && isRead && context.path().startsWith(READS)) {
                        WebServer.answer(context.res(), absent("reads"));
                    } else {
                        WebServer.answer(context.res(), WebServer.unknownRoute());
                    }
                });
    }

    private static Problem absent(String role) {
        return Problem.of(
                404,
                ProblemType.ROLE_ABSENT,
                "This is served by processes with the role "
                        + role
                        + ", which this one does not have.");
    }

    /** What serves, for a test that speaks to it without a socket. */
    Server jetty() {
        return server.jetty();
    }

    /** Counts its connections and its threads there from now on. */
    public void countInto(MeterRegistry registry) {
        server.countInto(registry, "gate");
    }

    /** Is told how a request to take events was answered. Thread-safe, quick, and never fails. */
    @FunctionalInterface
    public interface Answered {

        /**
         * One request is over.
         *
         * @param took from its head to the end of its answer
         */
        void answered(int status, Duration took);
    }

    /** Tells of every request to take events from now on, refused as a whole or not. */
    public void tell(Answered listener) {
        server.jetty()
                .setRequestLog((request, response) -> {
                    if (isForEvents(request)) {
                        long nanos = NanoTime.since(request.getBeginNanoTime());
                        listener.answered(response.getStatus(), Duration.ofNanos(nanos));
                    }
                });
    }

    private static boolean isForEvents(Request request) {
        String path = request.getHttpURI().getPath();
        return path != null && request.getMethod().equals("POST") && EVENTS.matcher(path).matches();
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /**
     * Begins to part with the callers: events are taken and reads answered as ever, but each answer
     * from here on is the last one of its connection and says so. Returns at once.
     */
    public void drain() {
        server.drain();
    }

    /**
     * Takes no new connections, refuses new requests, waits for those under way, and then closes
     * all connections; one that is silent at once.
     *
     * @param within how long to wait at most
     */
    public void stop(Duration within) {
        server.stop(within);
    }

    /** Stops within the limit of its settings. */
    @Override
    public void close() {
        server.close();
    }
}
