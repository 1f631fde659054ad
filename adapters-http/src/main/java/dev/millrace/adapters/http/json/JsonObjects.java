package dev.millrace.adapters.http.json;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.body.Frame;

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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * From the text of one item to the members of its object, in one pass over the tokens and without
 * binding. It parses characters, never bytes, since the library would take bytes for UTF-16 or
 * UTF-32 where they look like it. Thread-safe.
 */
public final class JsonObjects {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NUMBER_LENGTH = 40;
    private static final int MAX_NAME_LENGTH = 256;

    private final JsonFactory factory;

    /**
     * @param maxBytes that an object may have
     */
    public JsonObjects(int maxBytes) {
        // No limit on strings of its own: an event's size is theirs. Names given twice are found
        // while members are collected, where the field can be told.
        this.factory =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxDocumentLength(maxBytes)
                                        .maxStringLength(maxBytes)
                                        .maxNestingDepth(MAX_DEPTH)
                                        .maxNumberLength(MAX_NUMBER_LENGTH)
                                        .maxNameLength(MAX_NAME_LENGTH)
                                        .build())
                        .build();
    }

    /**
     * Reads one object, and nothing beside it; of a frame that is not whole, what stands at its
     * beginning, as far as it can be read.
     *
     * @param members reads from the object's start, where the parser stands, to its end
     * @throws Refusal 400 when the text is no JSON object, or what {@link Frame#text} refuses
     */
    public void read(Frame frame, Consumer<JsonParser> members) {
        if (!frame.isWhole()) {
            readBeginning(frame, members);
            return;
        }
        try (JsonParser parser = parser(frame.text())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                requireEnd(parser);
                throw new Refusal(
                        Problem.invalidEvent(List.of(new FieldError("", "must be a JSON object"))));
            }
            members.accept(parser);
            requireEnd(parser);
        } catch (JacksonException broken) {
            throw new Refusal(400, ProblemType.INVALID_BODY, detail(broken, frame.place()));
        }
    }

    private void readBeginning(Frame frame, Consumer<JsonParser> members) {
        try (JsonParser parser = parser(frame.beginning())) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                members.accept(parser);
            }
        } catch (JacksonException cutOff) {
            // What was read until here is all there is.
            return;
        }
    }

    /** The members of the one object that a frame is, read likewise. */
    public EventFields fields(Frame frame) {
        EventFields fields = new EventFields();
        read(frame, parser -> collect(parser, fields));
        return fields;
    }

    /** The members of the one object that a text is; empty when it is none. */
    public Optional<EventFields> fields(String text) {
        try (JsonParser parser = parser(CharBuffer.wrap(text.toCharArray()))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            EventFields fields = new EventFields();
            collect(parser, fields);
            requireEnd(parser);
            return Optional.of(fields);
        } catch (JacksonException broken) {
            return Optional.empty();
        }
    }

    /**
     * Puts the members of the object that the parser has just entered; it stands at its end then.
     */
    public static void collect(JsonParser parser, EventFields fields) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            fields.put(name, value(parser));
        }
    }

    /** The value that comes next. */
    public static JsonValue value(JsonParser parser) {
        return value(parser, parser.nextToken());
    }

    /** The value that begins with a token that was read already. */
    public static JsonValue value(JsonParser parser, JsonToken first) {
        return switch (first) {
            case VALUE_STRING -> new JsonValue.Text(parser.getString());
            case VALUE_NUMBER_INT -> wholeNumber(parser);
            case VALUE_NUMBER_FLOAT -> JsonValue.Unfit.FRACTION;
            case VALUE_TRUE -> new JsonValue.TruthValue(true);
            case VALUE_FALSE -> new JsonValue.TruthValue(false);
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

    /**
     * Where and, for a limit, what: never the library's own words, which quote its classes and the
     * source.
     */
    private static String detail(JacksonException broken, Frame.Place start) {
        TokenStreamLocation location = broken.getLocation();
        Frame.Place place =
                location == null ? start : start.plus(location.getLineNr(), location.getColumnNr());
        return broken instanceof StreamConstraintsException
                ? "The JSON goes beyond a limit (nesting "
                        + MAX_DEPTH
                        + ", names "
                        + MAX_NAME_LENGTH
                        + " characters, numbers "
                        + MAX_NUMBER_LENGTH
                        + ") at "
                        + place
                        + "."
                : "This is not JSON: see " + place + ".";
    }
}
