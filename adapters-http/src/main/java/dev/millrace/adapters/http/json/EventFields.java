package dev.millrace.adapters.http.json;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Key;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * The members of one event's JSON object. A reader asks for each by its name, with the rule of its
 * type; whatever is wrong is collected, and what nobody asked for is unknown and refused. Not
 * thread-safe; read once.
 */
public final class EventFields {

    /** How many members an object may have, known or not, so that refusing one costs little. */
    static final int MAX_MEMBERS = 100;

    private static final String REQUIRED = "is required";

    private final Map<String, JsonValue> members = new LinkedHashMap<>();
    private final List<FieldError> errors = new ArrayList<>();
    private boolean crowded;

    /** Of an object without members, as yet. */
    public EventFields() {}

    /** Puts a member as it was read; one whose name was put before makes both unfit. */
    public void put(String name, JsonValue value) {
        if (members.containsKey(name)) {
            members.put(name, JsonValue.Unfit.REPEATED);
        } else if (members.size() < MAX_MEMBERS) {
            members.put(name, value);
        } else {
            crowded = true;
        }
    }

    /** The value as given, right or wrong; empty when there is none. */
    public Optional<JsonValue> find(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** Whether there is such a member, right or wrong. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** Takes a member out, right or wrong; empty when there is none. */
    public Optional<JsonValue> take(String name) {
        return Optional.ofNullable(members.remove(name));
    }

    /** Adds what is wrong. */
    public void refuse(FieldError error) {
        errors.add(error);
    }

    /**
     * A string that must be there.
     *
     * @param type makes the value; its {@link InvalidValue} is an error of this field
     */
    public <T> Field<T> text(String name, Function<String, T> type) {
        JsonValue value = members.remove(name);
        return value == null ? refuse(name, REQUIRED) : text(name, value, type);
    }

    /**
     * A string that may be left out.
     *
     * @param absent the value when it is
     * @param type makes the value; its {@link InvalidValue} is an error of this field
     */
    public <T> Field<T> optionalText(String name, T absent, Function<String, T> type) {
        JsonValue value = members.remove(name);
        if (value == null) {
            return Field.of(absent);
        }
        return value == JsonValue.Unfit.NULL
                ? refuse(name, "must not be null: leave it out")
                : text(name, value, type);
    }

    /**
     * A number that must be there, written without fraction, exponent or quotes.
     *
     * @param type makes the value; its {@link InvalidValue} is an error of this field
     */
    public <T> Field<T> wholeNumber(String name, LongFunction<T> type) {
        return switch (members.remove(name)) {
            case null -> refuse(name, REQUIRED);
            case JsonValue.WholeNumber(long number) -> typed(name, number, type::apply);
            case JsonValue.Text text -> refuse(name, "must be a whole number, not a string");
            case JsonValue.TruthValue truth -> refuse(name, "must be a whole number");
            case JsonValue.Unfit.OTHER -> refuse(name, "must be a whole number");
            case JsonValue.Unfit unfit -> refuse(name, unfit.rule());
        };
    }

    /**
     * A number that may be left out, written likewise.
     *
     * @param absent the value when it is
     * @param type makes the value; its {@link InvalidValue} is an error of this field
     */
    public <T> Field<T> optionalWholeNumber(String name, T absent, LongFunction<T> type) {
        return members.containsKey(name) ? wholeNumber(name, type) : Field.of(absent);
    }

    /** True or false, or left out. */
    public Field<Boolean> optionalTruthValue(String name, boolean absent) {
        return switch (members.remove(name)) {
            case null -> Field.of(absent);
            case JsonValue.TruthValue(boolean truth) -> Field.of(truth);
            case JsonValue.Unfit unfit
                    when unfit == JsonValue.Unfit.NULL || unfit == JsonValue.Unfit.REPEATED ->
                    refuse(name, unfit.rule());
            case JsonValue _ -> refuse(name, "must be true or false");
        };
    }

    /** A point in time that may be left out, as in RFC 3339. */
    public Field<Instant> optionalInstant(String name, Instant absent) {
        return optionalText(name, absent, text -> Rfc3339.instant(name, text));
    }

    /**
     * A point in time that must be there, as in RFC 3339.
     *
     * @param type makes the value; its {@link InvalidValue} is an error of this field
     */
    public <T> Field<T> instant(String name, Function<Instant, T> type) {
        return text(name, text -> type.apply(Rfc3339.instant(name, text)));
    }

    /**
     * Ends the reading.
     *
     * @param key what order is kept for, told even when something else is wrong
     * @param event makes the event; called only when nothing is wrong
     */
    public <E> Reading<E> event(Field<Key> key, Supplier<E> event) {
        if (errors().isEmpty()) {
            try {
                return new Reading.Valid<>(key.value(), event.get());
            } catch (InvalidValue broken) {
                errors.add(FieldError.of(broken.field(), broken.rule()));
            }
        }
        return new Reading.Invalid<>(key.isValid() ? key.value().value() : "", errors);
    }

    /** Ends the reading of what is no event: all that is wrong, with what nobody asked for. */
    public List<FieldError> errors() {
        if (crowded) {
            errors.clear();
            errors.add(new FieldError("", "must have at most " + MAX_MEMBERS + " members"));
        } else {
            members.keySet()
                    .forEach(name ->
                            errors.add(FieldError.of(name, "is not known here: leave it out")));
        }
        return List.copyOf(errors);
    }

    private <T> Field<T> text(String name, JsonValue value, Function<String, T> type) {
        return switch (value) {
            case JsonValue.Text(String text) -> {
                String broken = WellFormed.brokenRule(text);
                yield broken.isEmpty() ? typed(name, text, type) : refuse(name, broken);
            }
            case JsonValue.WholeNumber number -> refuse(name, "must be a string");
            case JsonValue.TruthValue truth -> refuse(name, "must be a string");
            case JsonValue.Unfit unfit
                    when unfit == JsonValue.Unfit.NULL || unfit == JsonValue.Unfit.REPEATED ->
                    refuse(name, unfit.rule());
            case JsonValue.Unfit unfit -> refuse(name, "must be a string");
        };
    }

    private <V, T> Field<T> typed(String name, V value, Function<V, T> type) {
        try {
            return Field.of(type.apply(value));
        } catch (InvalidValue broken) {
            return refuse(name, broken.rule());
        }
    }

    private <T> Field<T> refuse(String name, String rule) {
        errors.add(FieldError.of(name, rule));
        return Field.invalid();
    }
}
