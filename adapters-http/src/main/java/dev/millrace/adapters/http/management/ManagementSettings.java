package dev.millrace.adapters.http.management;

import dev.millrace.domain.InvalidValue;

import java.util.Objects;

/**
 * Where the management server listens. Never public: whoever reaches it sees how the process fares.
 *
 * @param bindAddress the address of the interface to listen on
 * @param port 0 for a free one
 */
public record ManagementSettings(String bindAddress, int port) {

    /**
     * @throws InvalidValue when the port is none
     */
    public ManagementSettings {
        Objects.requireNonNull(bindAddress);
        if (port < 0 || port > 65_535) {
            throw new InvalidValue(
                    "management.port", "must be a port from 1 to 65535, or 0 for a free one");
        }
    }
}
