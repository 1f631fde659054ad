package dev.millrace.adapters.http;

import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.body.BodyBytes;
import dev.millrace.adapters.http.body.Budget;
import dev.millrace.adapters.http.body.ContentEncoding;
import dev.millrace.adapters.http.body.MediaType;
import dev.millrace.adapters.http.body.RequestBodies;
import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.adapters.http.callers.Callers;
import dev.millrace.adapters.http.json.JsonObjects;
import dev.millrace.adapters.http.server.WebServer;
import dev.millrace.domain.StreamName;

import io.javalin.http.Context;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Takes events in: {@code POST /v1/streams/{stream}/events}. A body is taken in as it is read and
 * never held whole; one that cannot be read to its end is taken in as far as it was.
 */
final class EventsHandler {

    static final String PATH = "/v1/streams/{stream}/events";

    private final Map<String, StreamGate<?>> streams = new TreeMap<>();
    private final List<StreamName> names;
    private final GateLimits limits;
    private final RequestBodies bodies;
    private final JsonObjects json;
    private final Budget budget;
    private final Callers callers;

    EventsHandler(List<StreamGate<?>> gates, GateLimits limits, CallerRate rate) {
        gates.forEach(gate -> streams.put(gate.name().value(), gate));
        this.names = streams.values().stream().map(StreamGate::name).toList();
        this.limits = limits;
        this.bodies = new RequestBodies(limits.maxBodyBytes(), limits.bodyDeadline());
        this.json = new JsonObjects(limits.maxEventBytes());
        this.budget = new Budget(limits.maxBufferedBytes(), limits.retryAfter());
        this.callers = new Callers(rate);
    }

    void handle(Context context) throws IOException {
        String name = context.pathParam("stream");
        StreamGate<?> gate = streams.get(name);
        if (gate == null) {
            throw Refusal.unknownStream(streams.keySet());
        }
        receive(gate, context.req(), context.res());
    }

    /** Ends a request that was refused before its body was read. */
    void refuse(Refusal refusal, Context context) {
        WebServer.answer(context.res(), refusal.problem());
    }

    /**
     * Ends a request that is answered, however much of its body is still to come: a caller that is
     * still writing when the connection closes may never see its answer.
     */
    void finish(Context context) throws IOException {
        if (!context.req().getInputStream().isFinished()) {
            context.res().flushBuffer();
            if (context.res().getStatus() != 408) {
                bodies.discard(context.req());
            }
        }
    }

    private <E> void receive(
            StreamGate<E> gate, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ContentEncoding encoding =
                readable(
                        response,
                        () ->
                                ContentEncoding.of(
                                        Collections.list(request.getHeaders("Content-Encoding"))));
        MediaType type = readable(response, () -> MediaType.of(sole(request, "Content-Type")));
        EventForm<E> form = EventForm.of(type, request, gate, names, json);
        Callers.Allowance allowance = callers.admit(request);
        try (Budget.Share share = budget.open();
                InputStream body = bodies.open(request, encoding, share)) {
            BodyBytes bytes = new BodyBytes(body, limits.maxEventBytes(), share);
            Incoming<E> incoming =
                    new Incoming<>(
                            form.frames().apply(bytes),
                            form.items(),
                            limits.maxItems(),
                            allowance,
                            share);
            try (EventAnswer<E> answer = new EventAnswer<>(incoming, share)) {
                gate.ingest().ingest(incoming, answer::add);
                answer.send(response, gate.name());
            }
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }

    private static <T> T readable(HttpServletResponse response, Supplier<T> header) {
        try {
            return header.get();
        } catch (Refusal unsupported) {
            response.setHeader("Accept-Post", MediaType.ALL);
            response.setHeader("Accept-Encoding", ContentEncoding.ALL);
            throw unsupported;
        }
    }

    private static @Nullable String sole(HttpServletRequest request, String header) {
        List<String> given = Collections.list(request.getHeaders(header));
        if (given.size() > 1) {
            throw new Refusal(
                    415, ProblemType.UNSUPPORTED_MEDIA_TYPE, header + " must be given once only.");
        }
        return given.isEmpty() ? null : given.getFirst();
    }
}
