package dev.millrace.adapters.http.reads;

import dev.millrace.adapters.http.answers.JsonBody;

import java.util.Optional;

/** Answers one kind of read. Thread-safe. */
@FunctionalInterface
public interface ReadHandler {

    /**
     * Answers one read.
     *
     * @return the body to answer with; empty when there is nothing under this name, which is a 404
     * @throws dev.millrace.ports.Unavailable when the database is away, which is a 503
     */
    Optional<JsonBody> read(ReadRequest request);
}
