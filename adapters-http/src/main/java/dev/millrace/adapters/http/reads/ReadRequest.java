package dev.millrace.adapters.http.reads;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.json.Rfc3339;
import dev.millrace.adapters.http.json.WellFormed;
import dev.millrace.domain.InvalidValue;

import io.javalin.http.Context;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A read as it was asked for. A handler asks for each parameter by its name and then calls {@link
 * #requireValid}; whatever is wrong is collected, and what nobody asked for is unknown and refused.
 * Not thread-safe.
 */
public final class ReadRequest {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

    private final Context context;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final List<FieldError> errors = new ArrayList<>();

    /** Reads the query of a request; what is wrong with it is told by {@link #requireValid}. */
    public ReadRequest(Context context) {
        this.context = context;
        String query = context.req().getQueryString();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                add(pair);
            }
        }
    }

    private void add(String pair) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        try {
            String decoded = URLDecoder.decode(name, StandardCharsets.UTF_8);
            if (parameters.putIfAbsent(decoded, URLDecoder.decode(value, StandardCharsets.UTF_8))
                    != null) {
                errors.add(new FieldError(decoded, "must be given once only"));
            }
        } catch (IllegalArgumentException undecodable) {
            errors.add(
                    new FieldError(
                            name, "must have two hexadecimal digits after each percent sign"));
        }
    }

    /**
     * A part of the path.
     *
     * @param type makes the value; its {@link InvalidValue} is an error of this parameter
     */
    public <T> Field<T> path(String name, Function<String, T> type) {
        try {
            return Field.of(type.apply(context.pathParam(name)));
        } catch (InvalidValue broken) {
            errors.add(new FieldError(name, broken.rule()));
            return Field.invalid();
        }
    }

    /** A query parameter that is a number, or left out. */
    public Field<Long> wholeNumber(String name, long absent, long least, long most) {
        String text = parameters.remove(name);
        if (text == null) {
            return Field.of(absent);
        }
        if (WHOLE_NUMBER.matcher(text).matches()) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return Field.of(number);
            }
        }
        errors.add(new FieldError(name, "must be a whole number from " + least + " to " + most));
        return Field.invalid();
    }

    /**
     * A query parameter that is a text, or left out.
     *
     * @param type makes the value; its {@link InvalidValue} is an error of this parameter
     */
    public <T> Field<T> text(String name, T absent, Function<String, T> type) {
        String text = parameters.remove(name);
        if (text == null) {
            return Field.of(absent);
        }
        String broken = WellFormed.brokenRule(text);
        try {
            if (broken.isEmpty()) {
                return Field.of(type.apply(text));
            }
        } catch (InvalidValue invalid) {
            broken = invalid.rule();
        }
        errors.add(new FieldError(name, broken));
        return Field.invalid();
    }

    /** A query parameter that is a point in time as in RFC 3339, or left out. */
    public Field<Instant> instant(String name, Instant absent) {
        return text(name, absent, text -> Rfc3339.instant(name, text));
    }

    /** Ends the reading: all that is wrong, with what nobody asked for. */
    public List<FieldError> errors() {
        parameters
                .keySet()
                .forEach(name ->
                        errors.add(new FieldError(name, "is not known here: leave it out")));
        parameters.clear();
        return List.copyOf(errors);
    }

    /** Ends the request with a 400 that names everything that is wrong, when anything is. */
    public void requireValid() {
        List<FieldError> all = errors();
        if (!all.isEmpty()) {
            throw Refusal.invalidRequest(all);
        }
    }
}
