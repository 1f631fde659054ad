package dev.millrace.bootstrap.configuration;

import java.util.Map;
import java.util.Objects;

/**
 * The text of every setting and where it came from. Immutable.
 *
 * <p>Invariant: it holds every setting of the catalogue. A text that is not empty has been parsed
 * once without a mistake; an empty one belongs to a setting that nobody set and that has no
 * default.
 */
public final class Values {

    /**
     * A text and its source.
     *
     * @param source for a person
     */
    public record Value(String text, String source) {
        public Value {
            Objects.requireNonNull(text);
            Objects.requireNonNull(source);
        }
    }

    /** The source of a value that nobody set. */
    static final String DEFAULT = "default";

    private final Map<String, Value> byName;

    Values(Map<String, Value> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The value of a setting that has one. */
    <T> T get(Setting<T> setting) {
        return setting.parse(value(setting).text());
    }

    /** The value of a setting, or another where it has none. */
    <T> T get(Setting<T> setting, T none) {
        return isEmpty(setting) ? none : get(setting);
    }

    boolean isEmpty(Setting<?> setting) {
        return value(setting).text().isEmpty();
    }

    /** Whether somebody set it. */
    boolean isSet(Setting<?> setting) {
        return !value(setting).source().equals(DEFAULT);
    }

    /** What it was set to, and where. */
    Value value(Setting<?> setting) {
        return Objects.requireNonNull(byName.get(setting.name()));
    }

    /** A setting's value as a person may see it: masked when it is a secret. */
    public Value shown(Setting<?> setting) {
        Value value = value(setting);
        return new Value(setting.shown(value.text()), value.source());
    }
}
