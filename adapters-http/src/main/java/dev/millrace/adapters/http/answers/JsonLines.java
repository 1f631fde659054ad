package dev.millrace.adapters.http.answers;

import java.util.function.Consumer;

/** Writes any number of JSON values, each a line of its own, while they come to be. */
@FunctionalInterface
public interface JsonLines {

    /**
     * Gives one line after the other.
     *
     * @param lines sends each at once; throws when nobody listens any more
     */
    void writeTo(Consumer<JsonBody> lines);
}
