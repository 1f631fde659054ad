package dev.millrace.adapters.http;

import dev.millrace.domain.InvalidValue;

import java.time.Duration;
import java.util.Objects;

/**
 * What one gate takes at most. What goes beyond is answered at once, never queued.
 *
 * @param maxBodyBytes in one request, as it is sent and as it is unpacked; reading stops there,
 *     {@code 413}
 * @param maxItems events in one request; reading stops there, {@code 413}
 * @param maxEventBytes in one event, as it is written; {@code 413} for that event beyond
 * @param maxHeaderBytes of a request's line and headers; {@code 414} or {@code 431} beyond
 * @param maxConnections open at once; further ones wait in the operating system's queue
 * @param maxConcurrentRequests under way at once; {@code 429} beyond
 * @param maxBufferedBytes that all requests under way hold together; {@code 429} beyond
 * @param bodyDeadline to wait for a body, in all; reading stops there, {@code 408}
 * @param idleTimeout after which a silent connection is closed
 * @param stopTimeout for the requests under way to end when the gate stops
 * @param retryAfter what a refused caller is told to wait
 */
public record GateLimits(
        int maxBodyBytes,
        int maxItems,
        int maxEventBytes,
        int maxHeaderBytes,
        int maxConnections,
        int maxConcurrentRequests,
        long maxBufferedBytes,
        Duration bodyDeadline,
        Duration idleTimeout,
        Duration stopTimeout,
        Duration retryAfter) {

    /**
     * 16 MiB and 10,000 events in a request, 64 KiB in an event, 8 KiB of headers, 4096
     * connections, 1024 requests with 128 MiB together, 10 s for a body, 30 s idle, 20 s to stop,
     * retry after 1 s.
     */
    public static final GateLimits DEFAULT =
            new GateLimits(
                    16 << 20,
                    10_000,
                    64 << 10,
                    8 << 10,
                    4096,
                    1024,
                    128L << 20,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(1));

    /**
     * @throws InvalidValue when a limit is not positive, or one event may be larger than a body
     */
    public GateLimits {
        requirePositive("maxBodyBytes", maxBodyBytes);
        requirePositive("maxItems", maxItems);
        requirePositive("maxEventBytes", maxEventBytes);
        requirePositive("maxHeaderBytes", maxHeaderBytes);
        requirePositive("maxConnections", maxConnections);
        requirePositive("maxConcurrentRequests", maxConcurrentRequests);
        requirePositive("maxBufferedBytes", maxBufferedBytes);
        requirePositive("bodyDeadline", bodyDeadline);
        requirePositive("idleTimeout", idleTimeout);
        requirePositive("stopTimeout", stopTimeout);
        requirePositive("retryAfter", retryAfter);
        if (maxEventBytes > maxBodyBytes) {
            throw new InvalidValue(
                    "maxEventBytes", "must be at most maxBodyBytes, which is " + maxBodyBytes);
        }
        if (maxBufferedBytes < maxBodyBytes) {
            throw new InvalidValue(
                    "maxBufferedBytes", "must be at least maxBodyBytes, which is " + maxBodyBytes);
        }
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new InvalidValue(name, "must be at least 1");
        }
    }

    private static void requirePositive(String name, Duration value) {
        Objects.requireNonNull(value);
        if (value.toMillis() < 1) {
            throw new InvalidValue(name, "must be at least a millisecond");
        }
    }
}
