package dev.millrace.adapters.http.json;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/**
 * What was found under one name: a value, or nothing that could be used, in which case the errors
 * say why.
 */
public final class Field<T> {

    private final @Nullable T value;

    private Field(@Nullable T value) {
        this.value = value;
    }

    /** A value. */
    public static <T> Field<T> of(T value) {
        return new Field<>(value);
    }

    /** Nothing that could be used. */
    public static <T> Field<T> invalid() {
        return new Field<>(null);
    }

    /** Whether there is a value. */
    public boolean isValid() {
        return value != null;
    }

    /**
     * The value.
     *
     * @throws IllegalStateException when there is none: ask only after all fields have been found
     *     valid
     */
    public T value() {
        if (value == null) {
            throw new IllegalStateException("an invalid field has no value");
        }
        return value;
    }

    /** The same field seen as another type. */
    public <U> Field<U> map(Function<T, U> function) {
        return value == null ? invalid() : of(function.apply(value));
    }
}
