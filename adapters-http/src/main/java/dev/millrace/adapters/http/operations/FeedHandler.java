package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.reads.ReadRequest;

import java.time.Duration;

/** Follows something for one listener, for as long as both are there. Thread-safe. */
@FunctionalInterface
public interface FeedHandler {

    /**
     * Sends what there is to send, one after the other; returns when nobody is to be told any more.
     *
     * @throws dev.millrace.adapters.http.answers.Refusal when the request is wrong
     */
    void follow(ReadRequest request, Listener listener);

    /** Whoever listens. */
    interface Listener {

        /**
         * Sends one event at once.
         *
         * @param name of the event
         * @throws java.io.UncheckedIOException when nobody listens any more
         */
        void send(String name, JsonBody data);

        /** Waits that long; answers whether the server goes on. */
        boolean waits(Duration time);
    }
}
