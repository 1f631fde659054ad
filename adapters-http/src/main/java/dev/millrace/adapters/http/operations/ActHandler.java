package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;

/** Does one kind of act. Thread-safe. */
@FunctionalInterface
public interface ActHandler {

    /**
     * Does it.
     *
     * @return what to answer when it is done
     * @throws dev.millrace.adapters.http.answers.Refusal when it is not
     * @throws dev.millrace.ports.Unavailable when the database is away, which is a 503
     */
    JsonBody act(ActRequest request);
}
