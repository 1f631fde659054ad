package dev.millrace.adapters.http;

import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.body.BodyBytes;
import dev.millrace.adapters.http.body.Frames;
import dev.millrace.adapters.http.body.MediaType;
import dev.millrace.adapters.http.cloudevents.CloudEventHeaders;
import dev.millrace.adapters.http.cloudevents.CloudEventItems;
import dev.millrace.adapters.http.cloudevents.EventTypes;
import dev.millrace.adapters.http.events.EventItems;
import dev.millrace.adapters.http.events.IdempotencyKey;
import dev.millrace.adapters.http.events.ItemReader;
import dev.millrace.adapters.http.events.TraceContext;
import dev.millrace.adapters.http.json.JsonObjects;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.StreamName;

import jakarta.servlet.http.HttpServletRequest;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * In which form one request brings its events; its media type and its headers tell.
 *
 * @param frames cuts the body into items
 * @param items reads each
 */
record EventForm<E>(Function<BodyBytes, Frames> frames, ItemReader<E> items) {

    /**
     * The form of a request to one stream.
     *
     * @param streams all that this gate has
     * @throws Refusal 400 when its headers are wrong, or are not for this media type
     */
    static <E> EventForm<E> of(
            MediaType type,
            HttpServletRequest request,
            StreamGate<E> gate,
            List<StreamName> streams,
            JsonObjects json) {
        Optional<MessageId> key = IdempotencyKey.of(request);
        TraceContext trace = TraceContext.of(request);
        ItemReader<E> plain = new EventItems<>(json, gate.reader(), key, trace.properties());
        CloudEventItems<E> cloudEvents =
                new CloudEventItems<>(
                        json, gate.reader(), new EventTypes(gate.name(), streams), key, trace);
        boolean inHeaders = CloudEventHeaders.present(request);
        return switch (type) {
            case JSON ->
                    inHeaders
                            ? one(cloudEvents.binary(request))
                            : new EventForm<>(
                                    bytes ->
                                            Frames.document(
                                                    bytes,
                                                    key.map(given -> IdempotencyKey.forOneOnly())),
                                    plain);
            case NDJSON -> {
                requireSeveral(key);
                if (inHeaders) {
                    throw new Refusal(
                            400,
                            ProblemType.INVALID_REQUEST,
                            "Headers named ce-... are one CloudEvent, whose data is"
                                    + " application/json.");
                }
                yield new EventForm<>(Frames::lines, plain);
            }
            case CLOUD_EVENT -> one(cloudEvents.structured());
            case CLOUD_EVENT_BATCH -> {
                requireSeveral(key);
                yield new EventForm<>(Frames::array, cloudEvents.structured());
            }
        };
    }

    private static <E> EventForm<E> one(ItemReader<E> items) {
        Refusal several =
                new Refusal(
                        400,
                        ProblemType.INVALID_BODY,
                        "This is one CloudEvent, so the body must be one JSON object. Several are"
                                + " application/cloudevents-batch+json.");
        return new EventForm<>(bytes -> Frames.document(bytes, Optional.of(several)), items);
    }

    private static void requireSeveral(Optional<MessageId> key) {
        if (key.isPresent()) {
            throw IdempotencyKey.forOneOnly();
        }
    }
}
