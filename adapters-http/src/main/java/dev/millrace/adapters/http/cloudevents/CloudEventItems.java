package dev.millrace.adapters.http.cloudevents;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.body.Frame;
import dev.millrace.adapters.http.events.EventProperties;
import dev.millrace.adapters.http.events.IdempotencyKey;
import dev.millrace.adapters.http.events.Item;
import dev.millrace.adapters.http.events.ItemReader;
import dev.millrace.adapters.http.events.TraceContext;
import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.EventReader;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.json.JsonObjects;
import dev.millrace.adapters.http.json.JsonValue;
import dev.millrace.adapters.http.json.Reading;
import dev.millrace.adapters.http.json.Rfc3339;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.driving.Submission;

import jakarta.servlet.http.HttpServletRequest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The CloudEvents of one request: judges their attributes, lets them fill what the data leaves out,
 * and says all that is wrong at once.
 *
 * @param <E> the stream's event
 */
public final class CloudEventItems<E> {

    /** The payload on the topic is of another type than the data was. */
    private static final String NOT_KEPT = "datacontenttype";

    private final JsonObjects json;
    private final EventReader<E> reader;
    private final EventTypes types;
    private final Optional<MessageId> idempotencyKey;
    private final TraceContext requestTrace;

    /**
     * @param idempotencyKey the message ID from the request's header
     * @param requestTrace for the events that name none of their own
     */
    public CloudEventItems(
            JsonObjects json,
            EventReader<E> reader,
            EventTypes types,
            Optional<MessageId> idempotencyKey,
            TraceContext requestTrace) {
        this.json = json;
        this.reader = reader;
        this.types = types;
        this.idempotencyKey = idempotencyKey;
        this.requestTrace = requestTrace;
    }

    /** Reads each from one object that holds all of it. */
    public ItemReader<E> structured() {
        return frame -> item(frame, CloudEventEnvelope.read(frame, json));
    }

    /** Reads the one whose attributes are the request's headers. */
    public ItemReader<E> binary(HttpServletRequest request) {
        return frame ->
                item(
                        frame,
                        new CloudEvent(
                                CloudEventHeaders.read(request),
                                json.fields(frame),
                                List.of(),
                                CloudEvent.Mode.BINARY));
    }

    private Item<E> item(Frame frame, CloudEvent event) {
        List<FieldError> errors = new ArrayList<>();
        TraceContext trace = event.attributes().takeTrace().orElse(requestTrace);
        Map<String, String> attributes =
                event.attributes().check(types, event.mode()::attribute, errors);
        Optional<MessageId> messageId = messageId(attributes);
        errors.addAll(event.errors());
        agree(messageId, event.data(), errors);
        Map<String, String> filled = fill(event, errors);
        Reading<E> reading = reader.read(event.data());
        if (event.errors().isEmpty()) {
            errors.addAll(placed(reading, event.mode(), filled));
        }
        if (frame.isWhole()
                && errors.isEmpty()
                && messageId.isPresent()
                && reading instanceof Reading.Valid<E> valid) {
            return new Item.Valid<>(
                    new Submission.Identified<>(
                            messageId.get(), valid.event(), properties(attributes, trace)));
        }
        Problem problem =
                frame.isWhole()
                        ? Problem.invalidEvent(errors.stream().distinct().toList())
                        : frame.tooLarge();
        return new Item.Refused<>(
                reading.knownKey(),
                problem.withMessageId(messageId.map(MessageId::value).orElse("")));
    }

    private static Optional<MessageId> messageId(Map<String, String> attributes) {
        String source = attributes.get("source");
        String id = attributes.get("id");
        return source == null || id == null
                ? Optional.empty()
                : Optional.of(CloudEventId.of(source, id));
    }

    /** Whoever names the message twice must mean the same one. */
    private void agree(Optional<MessageId> messageId, EventFields data, List<FieldError> errors) {
        String rule =
                messageId
                        .map(id -> "must be " + id + " for this CloudEvent, or left out")
                        .orElse("");
        if (idempotencyKey.isPresent()
                && messageId.isPresent()
                && !idempotencyKey.equals(messageId)) {
            errors.add(new FieldError(IdempotencyKey.NAME, rule));
        }
        if (data.has("messageId")) {
            Field<MessageId> given = data.text("messageId", MessageId::new);
            if (given.isValid()
                    && messageId.isPresent()
                    && !given.value().equals(messageId.get())) {
                data.refuse(FieldError.of("messageId", rule));
            }
        }
    }

    /**
     * Lets the attributes fill what the data leaves out. A wrong one fills too: then the event's
     * own rule is told where the value stands, and nothing is called missing that was given.
     *
     * @return by its pointer, each field so filled with the place where its value stands
     */
    private Map<String, String> fill(CloudEvent event, List<FieldError> errors) {
        Map<String, String> filled = new HashMap<>();
        reader.subjectField().ifPresent(field -> fill(event, "subject", field, filled, errors));
        reader.timeField().ifPresent(field -> fill(event, "time", field, filled, errors));
        return filled;
    }

    private static void fill(
            CloudEvent event,
            String attribute,
            String field,
            Map<String, String> filled,
            List<FieldError> errors) {
        Optional<JsonValue> value = event.attributes().find(attribute);
        if (value.isEmpty()) {
            return;
        }
        String place = event.mode().attribute(attribute);
        String pointer = FieldError.pointer(field);
        Optional<JsonValue> given = event.data().find(field);
        if (given.isEmpty()) {
            event.data().put(field, value.get());
            filled.put(pointer, place);
        } else if (differ(attribute, value.get(), given.get())) {
            errors.add(
                    new FieldError(
                            place,
                            "must be the same as " + event.mode().data(pointer) + ", or left out"));
        }
    }

    /** What is no text, or no time, breaks a rule of its own. */
    private static boolean differ(String attribute, JsonValue value, JsonValue given) {
        if (!(value instanceof JsonValue.Text(String one))
                || !(given instanceof JsonValue.Text(String other))) {
            return false;
        }
        if (!attribute.equals("time")) {
            return !one.equals(other);
        }
        Optional<Instant> instant = instant(one);
        Optional<Instant> otherInstant = instant(other);
        return instant.isPresent() && otherInstant.isPresent() && !instant.equals(otherInstant);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Rfc3339.instant("time", text));
        } catch (InvalidValue broken) {
            return Optional.empty();
        }
    }

    private static <E> List<FieldError> placed(
            Reading<E> reading, CloudEvent.Mode mode, Map<String, String> filled) {
        return switch (reading) {
            case Reading.Valid<E> valid -> List.of();
            case Reading.Invalid<E>(String key, List<FieldError> errors) ->
                    errors.stream()
                            .map(error -> {
                                String place = filled.get(error.field());
                                return new FieldError(
                                        place == null ? mode.data(error.field()) : place,
                                        error.rule());
                            })
                            .toList();
        };
    }

    private static Map<String, String> properties(
            Map<String, String> attributes, TraceContext trace) {
        Map<String, String> properties = new HashMap<>(trace.properties());
        attributes.forEach((name, text) -> {
            if (!name.equals(NOT_KEPT)) {
                properties.put(EventProperties.ofAttribute(name), text);
            }
        });
        return properties;
    }
}
