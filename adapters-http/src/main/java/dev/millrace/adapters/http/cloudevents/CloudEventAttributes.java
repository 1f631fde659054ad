package dev.millrace.adapters.http.cloudevents;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.body.MediaType;
import dev.millrace.adapters.http.events.EventProperties;
import dev.millrace.adapters.http.events.TraceContext;
import dev.millrace.adapters.http.json.JsonValue;
import dev.millrace.adapters.http.json.Rfc3339;
import dev.millrace.adapters.http.json.WellFormed;
import dev.millrace.domain.InvalidValue;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The attributes of one CloudEvent, by the rules of CloudEvents 1.0.2, whichever mode brought them.
 * One that is null is as one that is absent, as the JSON format demands. Not thread-safe.
 */
final class CloudEventAttributes {

    /** How many attributes an event may have, so that to keep or refuse them costs little. */
    static final int MAX_ATTRIBUTES = 40;

    /** The most characters (UTF-16 units) of a value. */
    static final int MAX_LENGTH = 1024;

    private static final int MAX_NAME_LENGTH = 64;
    private static final Pattern NAME =
            Pattern.compile("(?!data$)[a-z0-9]{1," + MAX_NAME_LENGTH + "}");

    private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");
    private static final Set<String> OPTIONAL =
            Set.of("subject", "time", "dataschema", "datacontenttype");

    private final Map<String, JsonValue> attributes = new LinkedHashMap<>();
    private boolean crowded;

    void put(String name, JsonValue value) {
        if (attributes.containsKey(name)) {
            attributes.put(name, JsonValue.Unfit.REPEATED);
        } else if (attributes.size() < MAX_ATTRIBUTES) {
            attributes.put(name, value);
        } else {
            crowded = true;
        }
    }

    /** The value as given, right or wrong; empty when the attribute is absent. */
    Optional<JsonValue> find(String name) {
        return Optional.ofNullable(attributes.get(name))
                .filter(value -> value != JsonValue.Unfit.NULL);
    }

    /** Takes the trace out: a malformed one is no error. */
    TraceContext takeTrace() {
        return TraceContext.of(
                takeText(EventProperties.TRACEPARENT), takeText(EventProperties.TRACESTATE));
    }

    private String takeText(String name) {
        return attributes.remove(name) instanceof JsonValue.Text(String text) ? text : "";
    }

    /**
     * Judges all attributes.
     *
     * @param place how errors name an attribute
     * @param errors where all that is wrong is added
     * @return the valid ones, each in its canonical text
     */
    Map<String, String> check(
            EventTypes types, UnaryOperator<String> place, List<FieldError> errors) {
        if (crowded) {
            errors.add(new FieldError("", "must have at most " + MAX_ATTRIBUTES + " attributes"));
            return Map.of();
        }
        Set<String> names = new LinkedHashSet<>(REQUIRED);
        names.addAll(attributes.keySet());
        Map<String, String> valid = new LinkedHashMap<>();
        for (String name : names) {
            Optional<JsonValue> value = find(name);
            try {
                if (value.isPresent()) {
                    valid.put(name, checked(name, value.get(), types));
                } else {
                    require(!REQUIRED.contains(name), name, "is required");
                }
            } catch (InvalidValue broken) {
                errors.add(new FieldError(place.apply(name), broken.rule()));
            }
        }
        return valid;
    }

    private static String checked(String name, JsonValue value, EventTypes types) {
        require(
                NAME.matcher(name).matches(),
                name,
                "is no name of an attribute: 1 to " + MAX_NAME_LENGTH + " characters of a-z 0-9");
        boolean isExtension = !REQUIRED.contains(name) && !OPTIONAL.contains(name);
        String text = isExtension ? extension(name, value) : string(name, value);
        requireCharacters(name, text);
        switch (name) {
            case "specversion" -> require(text.equals("1.0"), name, "must be 1.0");
            case "id", "subject" -> require(!text.isEmpty(), name, "must not be empty");
            case "type" -> types.require(text);
            case "source" ->
                    require(
                            !text.isEmpty() && uri(text).isPresent(),
                            name,
                            "must be a URI-reference");
            case "dataschema" ->
                    require(uri(text).filter(URI::isAbsolute).isPresent(), name, "must be a URI");
            case "time" -> Rfc3339.instant(name, text);
            case "datacontenttype" ->
                    require(
                            MediaType.isJson(text),
                            name,
                            "must be application/json, in utf-8, or be left out");
            default -> {}
        }
        return text;
    }

    private static String string(String name, JsonValue value) {
        return switch (value) {
            case JsonValue.Text(String text) -> text;
            case JsonValue.Unfit unfit when isToldAsItIs(unfit) ->
                    throw new InvalidValue(name, unfit.rule());
            default -> throw new InvalidValue(name, "must be a string");
        };
    }

    /** What a CloudEvent may say in an attribute of the sender's own. */
    private static String extension(String name, JsonValue value) {
        return switch (value) {
            case JsonValue.Text(String text) -> text;
            case JsonValue.TruthValue(boolean truth) -> Boolean.toString(truth);
            case JsonValue.WholeNumber(long number) when number == (int) number ->
                    Long.toString(number);
            case JsonValue.Unfit unfit when isToldAsItIs(unfit) ->
                    throw new InvalidValue(name, unfit.rule());
            default ->
                    throw new InvalidValue(
                            name,
                            "must be a string, true, false or a whole number from -2^31 to 2^31-1");
        };
    }

    private static boolean isToldAsItIs(JsonValue.Unfit unfit) {
        return unfit == JsonValue.Unfit.REPEATED || unfit == JsonValue.Unfit.UNDECODABLE;
    }

    private static void requireCharacters(String name, String text) {
        require(
                text.length() <= MAX_LENGTH,
                name,
                "must have at most " + MAX_LENGTH + " characters");
        String broken = WellFormed.brokenRule(text);
        require(broken.isEmpty(), name, broken);
        require(
                text.codePoints().noneMatch(CloudEventAttributes::isForbidden),
                name,
                "must have no control characters and no noncharacters");
    }

    private static boolean isForbidden(int character) {
        return Character.isISOControl(character)
                || (character & 0xFFFE) == 0xFFFE
                || (character >= 0xFDD0 && character <= 0xFDEF);
    }

    private static Optional<URI> uri(String text) {
        try {
            // The JDK's own class takes other letters than ASCII's too.
            return text.chars().allMatch(character -> character < 0x80)
                    ? Optional.of(new URI(text))
                    : Optional.empty();
        } catch (URISyntaxException broken) {
            return Optional.empty();
        }
    }

    private static void require(boolean condition, String name, String rule) {
        if (!condition) {
            throw new InvalidValue(name, rule);
        }
    }
}
