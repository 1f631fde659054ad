package dev.millrace.adapters.http.answers;

import tools.jackson.core.JsonGenerator;

/** Writes one JSON value, the body of an answer. */
@FunctionalInterface
public interface JsonBody {

    /** Writes exactly one value. */
    void writeTo(JsonGenerator json);
}
