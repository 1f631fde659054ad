package dev.millrace.adapters.http.server;

import dev.millrace.adapters.http.answers.Answers;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.domain.InvalidValue;
import dev.millrace.ports.Unavailable;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import io.javalin.json.JsonMapper;
import io.javalin.router.Endpoint;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jetty.JettyConnectionMetrics;
import io.micrometer.core.instrument.binder.jetty.JettyServerThreadPoolMetrics;

import jakarta.servlet.http.HttpServletResponse;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One listening port: strict HTTP/1.1, each request on a virtual thread of its own, every error a
 * problem, and a stop that parts with its callers and lets what is under way end. A few platform
 * threads serve all connections' selectors.
 */
public final class WebServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int MAX_HEADERS = 100;
    private static final int MIN_PLATFORM_THREADS = 4;
    private static final int MAX_PLATFORM_THREADS = 32;
    private static final int PLATFORM_IDLE_MILLIS = 60_000;

    private final String name;
    private final Javalin javalin;
    private final Duration stopTimeout;
    private final int port;

    /** How a {@link WebServer} listens. */
    public record Listening(
            String name,
            String bindAddress,
            int port,
            int maxHeaderBytes,
            int maxConnections,
            Duration headDeadline,
            Duration idleTimeout,
            Duration stopTimeout) {}

    private WebServer(String name, Javalin javalin, Duration stopTimeout, int port) {
        this.name = name;
        this.javalin = javalin;
        this.stopTimeout = stopTimeout;
        this.port = port;
    }

    /**
     * Starts to listen.
     *
     * @throws InvalidValue when the address or the port cannot be listened on
     */
    public static WebServer start(Listening listening, Consumer<RoutesConfig> routes) {
        Javalin javalin =
                Javalin.create(config -> {
                    configure(config, listening);
                    mapExceptions(config.routes);
                    routes.accept(config.routes);
                });
        try {
            javalin.start();
            admit(javalin.jettyServer().server());
        } catch (JavalinException failure) {
            javalin.stop();
            throw translate(failure, listening);
        } catch (RuntimeException bug) {
            javalin.stop();
            throw bug;
        }
        return new WebServer(listening.name(), javalin, listening.stopTimeout(), javalin.port());
    }

    private static void configure(JavalinConfig config, Listening listening) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = true;
        // Nothing is bound to objects here, so Javalin needs no mapper of its own, nor the library
        // behind it.
        config.jsonMapper(new JsonMapper() {});
        config.router.ignoreTrailingSlashes = false;
        config.router.javaLangErrorHandler(WebServer::answerError);
        Server server = new Server(threads(listening));
        server.setHandler(new GracefulHandler());
        server.setErrorHandler(new ProblemErrorHandler());
        server.addBean(new NetworkConnectionLimit(listening.maxConnections(), server));
        config.unsafe.jettyInternal.server = server;
        config.jetty.addConnector((same, http) -> connector(same, http, listening));
        config.jetty.modifyServletContextHandler(
                context -> context.setErrorHandler(new ProblemErrorHandler()));
    }

    /**
     * A connection has one request at a time, so there are never more virtual threads with work
     * than connections; the pool's own bound would queue, and is no more than a net.
     */
    private static QueuedThreadPool threads(Listening listening) {
        VirtualThreadPool virtual = new VirtualThreadPool(2 * listening.maxConnections());
        virtual.setName(listening.name() + "-request");
        QueuedThreadPool platform =
                new QueuedThreadPool(
                        MAX_PLATFORM_THREADS, MIN_PLATFORM_THREADS, PLATFORM_IDLE_MILLIS);
        platform.setName(listening.name());
        platform.setVirtualThreadsExecutor(virtual);
        return platform;
    }

    private static DrainingConnector connector(
            Server server, HttpConfiguration http, Listening listening) {
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(UriCompliance.DEFAULT);
        http.setRequestHeaderSize(listening.maxHeaderBytes());
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        DrainingConnector connector =
                new DrainingConnector(
                        server,
                        StrictHttpConnection.factory(http, MAX_HEADERS, listening.headDeadline()));
        connector.setHost(listening.bindAddress());
        connector.setPort(listening.port());
        connector.setIdleTimeout(listening.idleTimeout().toMillis());
        connector.setAccepting(false);
        return connector;
    }

    /**
     * Opens the door, after one request from inside: what Javalin makes at its first request, it
     * makes without a lock, so that of two first ones that come together one may hear an empty 500.
     */
    private static void admit(Server server) {
        LocalConnector inside = new LocalConnector(server);
        server.addConnector(inside);
        try {
            inside.start();
            inside.getResponse("HEAD / HTTP/1.1\r\nHost: inside\r\nConnection: close\r\n\r\n");
            inside.stop();
        } catch (Exception bug) {
            throw new IllegalStateException("a server did not answer its own request", bug);
        } finally {
            server.removeConnector(inside);
        }
        for (Connector connector : server.getConnectors()) {
            ((AbstractConnector) connector).setAccepting(true);
        }
    }

    private static void mapExceptions(RoutesConfig routes) {
        OutageLog outages = new OutageLog(System::nanoTime);
        routes.exception(
                Refusal.class, (refusal, context) -> answer(context.res(), refusal.problem()));
        routes.exception(
                Unavailable.class,
                (outage, context) -> {
                    outages.refused(route(context), String.valueOf(outage.getMessage()));
                    answer(
                            context.res(),
                            Problem.of(
                                            503,
                                            ProblemType.UNAVAILABLE,
                                            "What answers this is away; try again later.")
                                    .withRetryAfter(RETRY_AFTER));
                });
        routes.exception(
                MethodNotAllowedResponse.class,
                (refused, context) -> {
                    String allowed = String.join(", ", refused.getDetails().values());
                    context.header("Allow", allowed);
                    answer(
                            context.res(),
                            Problem.of(
                                    405,
                                    ProblemType.METHOD_NOT_ALLOWED,
                                    "This path has the methods " + allowed + "."));
                });
        routes.exception(
                NotFoundResponse.class,
                (missing, context) -> answer(context.res(), unknownRoute()));
        routes.exception(
                IOException.class,
                (cut, context) -> {
                    LOG.debug("The request to {} was not read to its end", route(context), cut);
                    // A caller that has only ended its own side, or broken its framing, listens.
                    answer(context.res(), cutOff());
                });
        routes.exception(
                Exception.class,
                (bug, context) -> {
                    LOG.error("{} {} met a bug", context.method().name(), route(context), bug);
                    answer(context.res(), internalError());
                });
    }

    /** As it is declared: what stands in its place in a request may name a person. */
    private static String route(Context context) {
        Endpoint endpoint = context.endpoints().lastHttpEndpoint();
        return endpoint == null ? "a request" : endpoint.path;
    }

    private static void answerError(HttpServletResponse response, Error error) {
        LOG.error("A request met an error", error);
        answer(response, internalError());
    }

    /** 404, for a path that nothing is at. */
    public static Problem unknownRoute() {
        return Problem.of(404, ProblemType.UNKNOWN_ROUTE, "There is nothing at this path.");
    }

    private static Problem cutOff() {
        return Problem.of(
                400,
                ProblemType.MALFORMED_REQUEST,
                "The body ends before its end, or is not framed as HTTP demands. Of several events"
                        + " the first ones may be stored; a retry with the same message IDs is"
                        + " safe.");
    }

    private static Problem internalError() {
        return Problem.of(
                500, ProblemType.INTERNAL_ERROR, "The request met a fault of this server.");
    }

    /** Answers with a problem, unless an answer is on its way already. */
    public static void answer(HttpServletResponse response, Problem problem) {
        if (response.isCommitted()) {
            return;
        }
        try {
            response.resetBuffer();
            Answers.send(response, problem);
        } catch (IOException gone) {
            LOG.debug("A caller is gone before its answer", gone);
        }
    }

    private static RuntimeException translate(JavalinException failure, Listening listening) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    && String.valueOf(cause.getMessage()).contains("in use")) {
                return new InvalidValue(
                        listening.name() + ".port",
                        "must be free, but another process listens on "
                                + listening.port()
                                + ": choose another, or 0 for a free one");
            }
            if (cause instanceof BindException || cause instanceof UnresolvedAddressException) {
                return new InvalidValue(
                        "bind.address",
                        "must be an address of this machine that this process may listen on");
            }
        }
        return failure;
    }

    /** What serves. */
    public Server jetty() {
        return javalin.jettyServer().server();
    }

    /**
     * Counts connections and threads from now on.
     *
     * @param name of this server, as the label {@code server}
     */
    public void countInto(MeterRegistry registry, String name) {
        Tags tags = Tags.of("server", name);
        for (Connector connector : jetty().getConnectors()) {
            connector.addBean(new JettyConnectionMetrics(registry, connector, tags));
        }
        new JettyServerThreadPoolMetrics(jetty().getThreadPool(), tags).bindTo(registry);
    }

    /** The port that it listens on, or listened on until it stopped. */
    public int port() {
        return port;
    }

    /**
     * Begins to part with the callers: all goes on as ever, but each answer from here on, those
     * under way among them, is the last one of its connection and says so. Returns at once.
     */
    public void drain() {
        for (Connector connector : jetty().getConnectors()) {
            if (connector instanceof DrainingConnector door) {
                door.drain();
            }
        }
    }

    /**
     * Takes no new connections, refuses new requests, waits for those under way, and then closes
     * all connections; one that is silent at once.
     *
     * @param within how long to wait at most
     */
    public void stop(Duration within) {
        Server server = jetty();
        server.setStopTimeout(Math.max(1, within.toMillis()));
        try {
            server.stop();
        } catch (Exception failure) {
            if (hasTimeout(failure)) {
                LOG.warn(
                        "{}: requests were still under way after {} and are cut off", name, within);
            } else {
                throw new IllegalStateException("The " + name + " server did not stop", failure);
            }
        }
    }

    private static boolean hasTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Stops within the configured time. */
    @Override
    public void close() {
        stop(stopTimeout);
    }
}
