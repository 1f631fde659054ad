package dev.millrace.adapters.pulsar;

import dev.millrace.domain.InvalidValue;

import java.time.Duration;

/**
 * Where the broker is and how long to wait for it.
 *
 * @param serviceUrl of the binary protocol, {@code pulsar://host:port}
 * @param adminUrl of the administration, {@code http://host:port}
 * @param operationTimeout for one look-up, subscription or administrative request
 * @param keepAlive how long the connection may be silent before the other end is asked; one that
 *     does not answer for as long again counts as gone. Whole seconds
 * @param memoryLimitBytes for all events that wait in this process for their receipt
 */
public record PulsarSettings(
        String serviceUrl,
        String adminUrl,
        Duration operationTimeout,
        Duration keepAlive,
        long memoryLimitBytes) {

    private static final Duration DEFAULT_OPERATION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(10);
    private static final long DEFAULT_MEMORY_LIMIT_BYTES = 64L << 20;

    public PulsarSettings {
        if (!serviceUrl.startsWith("pulsar://") && !serviceUrl.startsWith("pulsar+ssl://")) {
            throw new InvalidValue("serviceUrl", "must start with pulsar:// or pulsar+ssl://");
        }
        if (!adminUrl.startsWith("http://") && !adminUrl.startsWith("https://")) {
            throw new InvalidValue("adminUrl", "must start with http:// or https://");
        }
        if (!operationTimeout.isPositive()) {
            throw new InvalidValue("operationTimeout", "must be positive");
        }
        if (!keepAlive.isPositive() || keepAlive.toNanosPart() != 0) {
            throw new InvalidValue("keepAlive", "must be a positive number of whole seconds");
        }
        if (memoryLimitBytes <= 0) {
            throw new InvalidValue("memoryLimitBytes", "must be positive");
        }
    }

    /** Settings with the documented defaults: 10 s, 10 s and 64 MiB. */
    public static PulsarSettings at(String serviceUrl, String adminUrl) {
        return new PulsarSettings(
                serviceUrl,
                adminUrl,
                DEFAULT_OPERATION_TIMEOUT,
                DEFAULT_KEEP_ALIVE,
                DEFAULT_MEMORY_LIMIT_BYTES);
    }
}
