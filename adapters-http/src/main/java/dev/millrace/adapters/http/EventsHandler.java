package dev.millrace.adapters.http;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.driving.Receipt;
import dev.millrace.ports.driving.Submission;

import io.javalin.http.Context;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes events in: {@code POST /v1/streams/{stream}/events}. The whole body is read and every item
 * judged before the first one is submitted, so that a request that is refused as a whole has stored
 * nothing.
 */
final class EventsHandler {

    static final String PATH = "/v1/streams/{stream}/events";

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final Map<String, StreamGate<?>> streams = new TreeMap<>();
    private final RequestBodies bodies;
    private final BodyReader reader;

    EventsHandler(List<StreamGate<?>> gates, GateLimits limits) {
        gates.forEach(gate -> streams.put(gate.name().value(), gate));
        this.bodies = new RequestBodies(limits);
        this.reader = new BodyReader(limits);
    }

    void handle(Context context) throws IOException {
        String name = context.pathParam("stream");
        StreamGate<?> gate = streams.get(name);
        if (gate == null) {
            throw Refusal.unknownStream(streams.keySet());
        }
        receive(gate, context.req(), context.res());
    }

    /** Ends a request that was refused, however much of its body is still to come. */
    void refuse(Refusal refusal, Context context) throws IOException {
        WebServer.answer(context.res(), refusal.problem());
        context.res().flushBuffer();
        if (refusal.problem().status() != 408) {
            bodies.discard(context.req());
        }
    }

    private <E> void receive(
            StreamGate<E> gate, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        MediaType type = mediaType(request, response);
        Optional<MessageId> idempotencyKey = idempotencyKey(request);
        Items<E> items;
        try (RequestBodies.Body body = bodies.read(request)) {
            items =
                    switch (type) {
                        case JSON -> reader.document(body.text(), gate.reader(), idempotencyKey);
                        case NDJSON -> reader.lines(body.text(), gate.reader());
                    };
            answer(gate, items, idempotencyKey.isPresent(), response);
        } catch (Refusal refusal) {
            if (refusal.problem().status() == 400) {
                count(gate);
            }
            throw refusal;
        }
    }

    private static <E> void answer(
            StreamGate<E> gate, Items<E> items, boolean oneExpected, HttpServletResponse response)
            throws IOException {
        switch (items) {
            case Items.One<E>(Item<E> item) ->
                    EventAnswers.one(
                            response,
                            gate.name(),
                            EventAnswers.result(
                                    item,
                                    gate.ingest().ingest(List.of(item.submission())).getFirst()));
            case Items.Many<E>(List<Item<E>> many) -> {
                if (oneExpected) {
                    throw invalidKey("is for one event only: write messageId into each of several");
                }
                List<Receipt> receipts =
                        gate.ingest().ingest(many.stream().map(Item::submission).toList());
                EventAnswers.many(response, many, receipts);
            }
        }
    }

    /** Tells the use case of what was no event at all, so that there is one place that counts. */
    private static <E> void count(StreamGate<E> gate) {
        List<Receipt> unreadable = gate.ingest().ingest(List.of(new Submission.Unreadable<>("")));
        assert unreadable.size() == 1;
    }

    private static MediaType mediaType(HttpServletRequest request, HttpServletResponse response) {
        try {
            String encoding = request.getHeader("Content-Encoding");
            if (encoding != null && !encoding.strip().toLowerCase(Locale.ROOT).equals("identity")) {
                throw new Refusal(
                        415,
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Encoding must be identity, or left out.");
            }
            return MediaType.of(request.getHeader("Content-Type"));
        } catch (Refusal unsupported) {
            response.setHeader("Accept-Post", MediaType.ALL);
            response.setHeader("Accept-Encoding", "identity");
            throw unsupported;
        }
    }

    private static Optional<MessageId> idempotencyKey(HttpServletRequest request) {
        List<String> given = Collections.list(request.getHeaders(IDEMPOTENCY_KEY));
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() > 1) {
            throw invalidKey("must be given once only");
        }
        try {
            return Optional.of(new MessageId(given.getFirst()));
        } catch (InvalidValue broken) {
            throw invalidKey(broken.rule());
        }
    }

    private static Refusal invalidKey(String rule) {
        return new Refusal(
                Problem.ofErrors(
                        ProblemType.INVALID_REQUEST,
                        "The header " + IDEMPOTENCY_KEY + " " + rule + ".",
                        List.of(new FieldError(IDEMPOTENCY_KEY, rule))));
    }
}
