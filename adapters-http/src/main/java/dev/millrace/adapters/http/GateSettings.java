package dev.millrace.adapters.http;

import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.domain.InvalidValue;

import java.util.Objects;

/**
 * Where the gate listens and what it takes.
 *
 * @param bindAddress the address of the interface to listen on
 * @param port 0 for a free one
 * @param rate what each caller may send
 */
public record GateSettings(String bindAddress, int port, GateLimits limits, CallerRate rate) {

    /**
     * @throws InvalidValue when the port is none
     */
    public GateSettings {
        Objects.requireNonNull(bindAddress);
        Objects.requireNonNull(limits);
        Objects.requireNonNull(rate);
        if (port < 0 || port > 65_535) {
            throw new InvalidValue(
                    "gate.port", "must be a port from 1 to 65535, or 0 for a free one");
        }
    }
}
