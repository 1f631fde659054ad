package dev.millrace.stack;

import java.util.function.Consumer;

/**
 * How to start a stack.
 *
 * @param pulsarPort the broker's binary port, 0 for a free one
 * @param pulsarAdminPort the broker's HTTP port, 0 for a free one
 * @param postgresPort the database's port, 0 for a free one
 * @param fresh whether to throw away the data of earlier starts
 * @param progress takes short lines about what is being done, from several threads
 */
public record StackOptions(
        int pulsarPort,
        int pulsarAdminPort,
        int postgresPort,
        boolean fresh,
        Consumer<String> progress) {

    public StackOptions {
        requirePort("pulsar port", pulsarPort);
        requirePort("pulsar admin port", pulsarAdminPort);
        requirePort("postgres port", postgresPort);
    }

    /** Free ports, data kept, silent. */
    public static StackOptions defaults() {
        return new StackOptions(0, 0, 0, false, line -> {});
    }

    /** The same, on new data. */
    public StackOptions withFreshData() {
        return new StackOptions(pulsarPort, pulsarAdminPort, postgresPort, true, progress);
    }

    /** The same, telling its progress. */
    public StackOptions withProgress(Consumer<String> taker) {
        return new StackOptions(pulsarPort, pulsarAdminPort, postgresPort, fresh, taker);
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new StackFailure("the " + name + " must be 0 to 65535, not " + port);
        }
    }
}
