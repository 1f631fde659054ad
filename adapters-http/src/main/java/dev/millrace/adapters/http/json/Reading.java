package dev.millrace.adapters.http.json;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.domain.Key;

import java.util.List;
import java.util.Objects;

/**
 * What a reader made of one JSON object.
 *
 * @param <E> the stream's event
 */
public sealed interface Reading<E> {

    /** The key, as far as it could be read; empty when it could not. */
    String knownKey();

    /** An event, and the key that order is kept for. */
    record Valid<E>(Key key, E event) implements Reading<E> {
        public Valid {
            Objects.requireNonNull(key);
            Objects.requireNonNull(event);
        }

        @Override
        public String knownKey() {
            return key.value();
        }
    }

    /**
     * No event.
     *
     * @param key of the event, as far as it could be read; empty when it could not
     * @param errors all that is wrong, at least one
     */
    record Invalid<E>(String key, List<FieldError> errors) implements Reading<E> {
        public Invalid {
            Objects.requireNonNull(key);
            errors = List.copyOf(errors);
        }

        @Override
        public String knownKey() {
            return key;
        }
    }
}
