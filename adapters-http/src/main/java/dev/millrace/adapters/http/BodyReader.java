package dev.millrace.adapters.http;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.driving.Submission;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

import java.nio.CharBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From text to items, in one pass over the tokens and without binding. It parses characters, never
 * bytes, since the library would take bytes for UTF-16 or UTF-32 where they look like it.
 * Thread-safe.
 */
final class BodyReader {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NUMBER_LENGTH = 40;
    private static final int MAX_NAME_LENGTH = 256;
    private static final int MAX_TOKENS = 50_000;
    private static final int USUAL_TOKENS_OF_AN_EVENT = 32;

    private final GateLimits limits;
    private final JsonFactory factory;

    BodyReader(GateLimits limits) {
        this.limits = limits;
        // No limit on strings of its own: a body's and an event's size are theirs, and what is too
        // large should be
        // answered as such. Names given twice are found while members are collected, where the
        // field can be told.
        this.factory =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxDocumentLength(limits.maxBodyBytes())
                                        .maxStringLength(limits.maxBodyBytes())
                                        .maxTokenCount(
                                                Math.max(
                                                        MAX_TOKENS,
                                                        (long) limits.maxItems()
                                                                * USUAL_TOKENS_OF_AN_EVENT))
                                        .maxNestingDepth(MAX_DEPTH)
                                        .maxNumberLength(MAX_NUMBER_LENGTH)
                                        .maxNameLength(MAX_NAME_LENGTH)
                                        .build())
                        .build();
    }

    /**
     * Reads one object, or an array of them.
     *
     * @param idempotencyKey the message ID from the request's header
     * @throws Refusal 400 when the text is neither, 413 when there are too many
     */
    <E> Items<E> document(
            CharBuffer text, EventReader<E> reader, Optional<MessageId> idempotencyKey) {
        try (JsonParser parser = parser(text)) {
            Items<E> items =
                    switch (parser.nextToken()) {
                        case null -> throw noEvent();
                        case START_OBJECT ->
                                new Items.One<>(object(parser, text, reader, idempotencyKey));
                        case START_ARRAY -> new Items.Many<>(array(parser, text, reader));
                        default ->
                                throw invalid(
                                        "The body must be one JSON object, or an array of them.");
                    };
            requireEnd(parser);
            return items;
        } catch (JacksonException broken) {
            throw invalid("The body is not JSON: " + where(broken, "line " + line(broken) + ", "));
        }
    }

    /**
     * Reads one object from each line that is not blank; a line that is none is refused by itself.
     *
     * @throws Refusal 400 when all lines are blank, 413 when there are too many
     */
    <E> Items<E> lines(CharBuffer text, EventReader<E> reader) {
        List<Item<E>> items = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = endOfLine(text, start);
            CharBuffer line = text.subSequence(start, end);
            if (!line.chars().allMatch(BodyReader::isBlank)) {
                requireRoom(items.size());
                items.add(line(line, reader));
            }
            start = end + 1;
        }
        if (items.isEmpty()) {
            throw noEvent();
        }
        return new Items.Many<>(items);
    }

    private <E> Item<E> line(CharBuffer line, EventReader<E> reader) {
        if (isTooLarge(line)) {
            return new Item.Refused<>("", tooLarge());
        }
        try (JsonParser parser = parser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Item.Refused<>("", notAnObject());
            }
            Item<E> item = object(parser, line, reader, Optional.empty());
            requireEnd(parser);
            return item;
        } catch (JacksonException broken) {
            return new Item.Refused<>(
                    "",
                    Problem.of(
                            400,
                            ProblemType.INVALID_BODY,
                            "The line is not JSON: " + where(broken, "")));
        }
    }

    private <E> List<Item<E>> array(JsonParser parser, CharBuffer text, EventReader<E> reader) {
        List<Item<E>> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            requireRoom(items.size());
            if (token == JsonToken.START_OBJECT) {
                items.add(object(parser, text, reader, Optional.empty()));
            } else {
                parser.skipChildren();
                items.add(new Item.Refused<>("", notAnObject()));
            }
        }
        if (items.isEmpty()) {
            throw noEvent();
        }
        return items;
    }

    private <E> Item<E> object(
            JsonParser parser,
            CharBuffer text,
            EventReader<E> reader,
            Optional<MessageId> idempotencyKey) {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        EventFields fields = members(parser);
        int end = (int) parser.currentLocation().getCharOffset();
        Field<Optional<MessageId>> messageId = messageId(fields, idempotencyKey);
        Reading<E> reading = reader.read(fields);
        String known =
                messageId.isValid() ? messageId.value().map(MessageId::value).orElse("") : "";
        if (isTooLarge(text.subSequence(start, end))) {
            return new Item.Refused<>(key(reading), tooLarge().withMessageId(known));
        }
        return switch (reading) {
            case Reading.Valid<E>(Key key, E event) ->
                    new Item.Valid<>(
                            messageId
                                    .value()
                                    .<Submission<E>>map(
                                            id -> new Submission.Identified<>(id, event, Map.of()))
                                    .orElseGet(() -> new Submission.Anonymous<>(event, Map.of())));
            case Reading.Invalid<E>(String key, List<FieldError> errors) ->
                    new Item.Refused<>(key, invalidEvent(errors).withMessageId(known));
        };
    }

    private static <E> String key(Reading<E> reading) {
        return switch (reading) {
            case Reading.Valid<E> valid -> valid.key().value();
            case Reading.Invalid<E> invalid -> invalid.key();
        };
    }

    private static Field<Optional<MessageId>> messageId(
            EventFields fields, Optional<MessageId> idempotencyKey) {
        if (!fields.has("messageId")) {
            return Field.of(idempotencyKey);
        }
        Field<MessageId> given = fields.text("messageId", MessageId::new);
        if (given.isValid()
                && idempotencyKey.filter(key -> !key.equals(given.value())).isPresent()) {
            fields.refuse(
                    FieldError.of("messageId", "must be the same as the header Idempotency-Key"));
            return Field.invalid();
        }
        return given.map(Optional::of);
    }

    private static EventFields members(JsonParser parser) {
        EventFields fields = new EventFields();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            fields.put(name, value(parser));
        }
        return fields;
    }

    private static JsonValue value(JsonParser parser) {
        return switch (parser.nextToken()) {
            case VALUE_STRING -> new JsonValue.Text(parser.getString());
            case VALUE_NUMBER_INT -> wholeNumber(parser);
            case VALUE_NUMBER_FLOAT -> JsonValue.Unfit.FRACTION;
            case VALUE_NULL -> JsonValue.Unfit.NULL;
            default -> {
                parser.skipChildren();
                yield JsonValue.Unfit.OTHER;
            }
        };
    }

    private static JsonValue wholeNumber(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> {
                long number = parser.getLongValue();
                boolean minusZero = number == 0 && parser.getString().startsWith("-");
                yield minusZero ? JsonValue.Unfit.MINUS_ZERO : new JsonValue.WholeNumber(number);
            }
            default -> JsonValue.Unfit.HUGE;
        };
    }

    private JsonParser parser(CharBuffer text) {
        return factory.createParser(
                ObjectReadContext.empty(),
                text.array(),
                text.arrayOffset() + text.position(),
                text.length());
    }

    private static void requireEnd(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "more than one value");
        }
    }

    private void requireRoom(int items) {
        if (items == limits.maxItems()) {
            throw new Refusal(
                    413,
                    ProblemType.TOO_MANY_EVENTS,
                    "A request may have at most " + limits.maxItems() + " events.");
        }
    }

    /** Counts bytes only where the number of characters does not settle it. */
    private boolean isTooLarge(CharBuffer event) {
        if (event.length() > limits.maxEventBytes()) {
            return true;
        }
        if (3L * event.length() <= limits.maxEventBytes()) {
            return false;
        }
        int bytes = 0;
        for (int i = 0; i < event.length(); i++) {
            char character = event.charAt(i);
            bytes +=
                    character < 0x80
                            ? 1
                            : character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
        }
        return bytes > limits.maxEventBytes();
    }

    private static int endOfLine(CharBuffer text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '\n') {
            end++;
        }
        return end;
    }

    private static boolean isBlank(int character) {
        return character == ' ' || character == '\t' || character == '\r';
    }

    private Problem tooLarge() {
        return new Problem(
                413,
                ProblemType.EVENT_TOO_LARGE,
                "An event may have at most " + limits.maxEventBytes() + " bytes.",
                List.of(),
                "",
                Duration.ZERO);
    }

    private static Problem invalidEvent(List<FieldError> errors) {
        return Problem.ofErrors(
                ProblemType.INVALID_EVENT,
                errors.size() == 1 ? "One rule is broken." : errors.size() + " rules are broken.",
                errors);
    }

    private static Problem notAnObject() {
        return invalidEvent(List.of(new FieldError("", "must be a JSON object")));
    }

    private static Refusal noEvent() {
        return new Refusal(400, ProblemType.NO_EVENT, "The body must hold at least one event.");
    }

    private static Refusal invalid(String detail) {
        return new Refusal(400, ProblemType.INVALID_BODY, detail);
    }

    private static int line(JacksonException broken) {
        return location(broken).getLineNr();
    }

    /**
     * Where and, for a limit, what: never the library's own words, which quote its classes and the
     * source.
     */
    private static String where(JacksonException broken, String line) {
        String place = line + "column " + location(broken).getColumnNr() + ".";
        return broken instanceof StreamConstraintsException
                ? "it goes beyond a limit (nesting "
                        + MAX_DEPTH
                        + ", names "
                        + MAX_NAME_LENGTH
                        + " characters, numbers "
                        + MAX_NUMBER_LENGTH
                        + ") at "
                        + place
                : "see " + place;
    }

    private static TokenStreamLocation location(JacksonException broken) {
        TokenStreamLocation location = broken.getLocation();
        return location == null ? TokenStreamLocation.NA : location;
    }
}
