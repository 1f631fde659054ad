package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonLines;
import dev.millrace.adapters.http.reads.ReadRequest;

/** Answers one kind of look that takes long, line by line while it goes on. Thread-safe. */
@FunctionalInterface
public interface ReportHandler {

    /**
     * Answers one.
     *
     * @throws dev.millrace.adapters.http.answers.Refusal when the request is wrong
     */
    JsonLines report(ReadRequest request);
}
