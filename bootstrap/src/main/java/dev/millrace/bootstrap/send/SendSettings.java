package dev.millrace.bootstrap.send;

import dev.millrace.domain.Backoff;

import java.time.Duration;
import java.util.Objects;

/**
 * How to send.
 *
 * @param batch the most events in one request
 * @param concurrency the most requests under way
 * @param eventsPerSecond 0 is no limit
 * @param patience how long an event is tried before sending ends
 * @param backoff between two tries, where the gate asks for no longer wait
 */
record SendSettings(
        int batch, int concurrency, double eventsPerSecond, Duration patience, Backoff backoff) {

    SendSettings {
        Objects.requireNonNull(patience);
        Objects.requireNonNull(backoff);
    }
}
