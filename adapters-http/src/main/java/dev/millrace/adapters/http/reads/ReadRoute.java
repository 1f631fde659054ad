package dev.millrace.adapters.http.reads;

import java.util.Objects;

/**
 * A path under which something can be read.
 *
 * @param path with its parameters in braces
 * @param handler answers it
 */
public record ReadRoute(String path, ReadHandler handler) {

    public ReadRoute {
        Objects.requireNonNull(path);
        Objects.requireNonNull(handler);
    }
}
