package dev.millrace.bootstrap.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Why the service has to end: somebody asks, or it cannot go on. The first one counts. Thread-safe.
 */
public final class StopRequest {

    private final CompletableFuture<String> reason = new CompletableFuture<>();

    /**
     * Asks for an orderly end.
     *
     * @param why for a person
     * @return whether this is the first request
     */
    public boolean ask(String why) {
        return reason.complete(why);
    }

    /** Says that the service cannot go on. */
    void fail(StartFailure failure) {
        reason.completeExceptionally(failure);
    }

    /**
     * Waits until the service has to end.
     *
     * @return why, for a person
     * @throws StartFailure when it cannot go on
     */
    public String await() {
        try {
            return reason.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof StartFailure failure ? failure : failed;
        }
    }
}
