package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.EventWriter;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.json.Reading;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Revision;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.Transcript;
import dev.millrace.ports.operations.driving.ShowQuarantined;

import tools.jackson.core.JsonGenerator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What quarantined events say, and other contents for them: {@code GET
 * /ops/v1/quarantine/{id}/event} and {@code PUT /ops/v1/quarantine/{id}/payload}.
 */
public final class EditRoutes {

    private static final String ONE = "/ops/v1/quarantine/{id}";
    private static final String EVENT = "event";

    private final ShowQuarantined show;
    private final Map<String, StreamEdits<?>> streams = new HashMap<>();

    public EditRoutes(ShowQuarantined show, List<StreamEdits<?>> streams) {
        this.show = Objects.requireNonNull(show);
        streams.forEach(stream -> this.streams.put(stream.name().value(), stream));
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(
                new OperationRoute.Look(new ReadRoute(ONE + "/event", this::read)),
                new OperationRoute.Act(
                        OperationRoute.Method.PUT, ONE + "/payload", 200, this::edit));
    }

    private Optional<JsonBody> read(ReadRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        request.requireValid();
        return Optional.of(read(id.value(), stream(find(id.value()))));
    }

    private static <E> JsonBody read(long id, StreamEdits<E> stream) {
        return switch (stream.read().read(id)) {
            case Transcript.Found<E>(
                            QuarantinedEvent event,
                            List<Transcript.Edition<E>> editions) ->
                    json -> {
                        json.writeStartObject();
                        json.writeNumberProperty("id", event.id());
                        json.writeArrayPropertyStart("editions");
                        editions.forEach(edition -> write(json, edition, stream.writer()));
                        json.writeEndArray();
                        json.writeEndObject();
                    };
            case Transcript.Gone<E>(Absent absent) -> throw QuarantineRoutes.notFound(absent);
        };
    }

    private static <E> void write(
            JsonGenerator json, Transcript.Edition<E> edition, EventWriter<E> writer) {
        json.writeStartObject();
        json.writeNumberProperty("edition", edition.number());
        switch (edition) {
            case Transcript.Edition.Legible<E>(int _, E event) -> {
                json.writeObjectPropertyStart(EVENT);
                writer.write(json, event);
                json.writeEndObject();
            }
            case Transcript.Edition.Illegible<E>(int _, String why) ->
                    json.writeStringProperty("illegible", why);
        }
        json.writeEndObject();
    }

    private QuarantinedEvent find(long id) {
        return switch (show.show(id)) {
            case Inspection.Found found -> found.dossier().event();
            case Absent absent -> throw QuarantineRoutes.notFound(absent);
        };
    }

    private StreamEdits<?> stream(QuarantinedEvent event) {
        StreamEdits<?> stream = streams.get(event.stream().value());
        if (stream == null) {
            throw Refusal.unknownStream(streams.keySet());
        }
        return stream;
    }

    /**
     * Which rules the new content has to keep depends on the stream, so that is looked up first.
     */
    private JsonBody edit(ActRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        Wish wish =
                new Wish(
                        request.signatureWithReason(),
                        request.body().wholeNumber("edition", EditRoutes::edition),
                        request.rawObject(EVENT));
        if (!id.isValid()) {
            request.requireValid();
        }
        QuarantinedEvent event = find(id.value());
        return edit(request, wish, event, stream(event));
    }

    /** What is asked for, whatever the stream. */
    private record Wish(
            Field<Signature> signature, Field<Integer> edition, Optional<EventFields> fields) {}

    private static <E> JsonBody edit(
            ActRequest request, Wish wish, QuarantinedEvent event, StreamEdits<E> stream) {
        Field<E> content =
                wish.fields()
                        .map(fields -> content(request, event, stream, fields))
                        .orElseGet(Field::invalid);
        request.requireValid();
        Revision revision =
                stream.edit()
                        .edit(
                                event.id(),
                                wish.edition().value(),
                                content.value(),
                                wish.signature().value());
        return switch (revision) {
            case Revision.Edited(QuarantinedEvent edited, int now) ->
                    json -> {
                        json.writeStartObject();
                        json.writeNumberProperty("id", edited.id());
                        json.writeNumberProperty("edition", now);
                        json.writeEndObject();
                    };
            case Revision.EditionChanged(int current) ->
                    throw new Refusal(
                            409,
                            ProblemType.EDITION_CHANGED,
                            "The event is at edition "
                                    + current
                                    + " now: look at it, and edit that one.");
            case Revision.OtherKey(String key) ->
                    throw Refusal.invalidRequest(
                            List.of(FieldError.of(EVENT, "must be of the key " + key)));
            case Revision.Refused(QuarantinedEvent refused) ->
                    throw QuarantineRoutes.notRetriable(refused);
            case Absent absent -> throw QuarantineRoutes.notFound(absent);
        };
    }

    private static <E> Field<E> content(
            ActRequest request, QuarantinedEvent event, StreamEdits<E> stream, EventFields fields) {
        Field<String> messageId =
                fields.optionalText(
                        "messageId",
                        event.messageId(),
                        given -> sameMessageId(event.messageId(), given));
        return switch (stream.reader().read(fields)) {
            case Reading.Valid<E> valid when messageId.isValid() -> Field.of(valid.event());
            case Reading.Valid<E> _ -> Field.invalid();
            case Reading.Invalid<E>(String _, List<FieldError> errors) -> {
                errors.forEach(error ->
                        request.refuse(
                                new FieldError(
                                        FieldError.pointer(EVENT) + error.field(), error.rule())));
                yield Field.invalid();
            }
        };
    }

    private static String sameMessageId(String expected, String given) {
        if (!given.equals(expected)) {
            throw new InvalidValue("messageId", "must be " + expected + ", or left out");
        }
        return given;
    }

    private static Integer edition(long number) {
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new InvalidValue("edition", "must be the edition that you have seen");
        }
        return Math.toIntExact(number);
    }
}
