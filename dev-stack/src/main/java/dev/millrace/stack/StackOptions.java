package dev.millrace.stack;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How to start a stack.
 *
 * @param pulsarPort the broker's binary port, 0 for a free one
 * @param pulsarAdminPort the broker's HTTP port, 0 for a free one
 * @param postgresPort the database's port, 0 for a free one
 * @param brokerSettings of {@code broker.conf}, which replace the stack's own
 * @param fresh whether to throw away the data of earlier starts
 * @param progress takes short lines about what is being done, from several threads
 */
public record StackOptions(
        int pulsarPort,
        int pulsarAdminPort,
        int postgresPort,
        Map<String, String> brokerSettings,
        boolean fresh,
        Consumer<String> progress) {

    public StackOptions {
        requirePort("pulsar port", pulsarPort);
        requirePort("pulsar admin port", pulsarAdminPort);
        requirePort("postgres port", postgresPort);
        brokerSettings = Map.copyOf(brokerSettings);
    }

    /** Free ports, data kept, silent. */
    public static StackOptions defaults() {
        return new StackOptions(0, 0, 0, Map.of(), false, line -> {});
    }

    /** The same, on new data. */
    public StackOptions withFreshData() {
        return new StackOptions(
                pulsarPort, pulsarAdminPort, postgresPort, brokerSettings, true, progress);
    }

    /** The same, with one more setting of the broker. */
    public StackOptions withBrokerSetting(String name, String value) {
        Map<String, String> settings = new HashMap<>(brokerSettings);
        settings.put(name, value);
        return new StackOptions(
                pulsarPort, pulsarAdminPort, postgresPort, settings, fresh, progress);
    }

    /** The same, telling its progress. */
    public StackOptions withProgress(Consumer<String> taker) {
        return new StackOptions(
                pulsarPort, pulsarAdminPort, postgresPort, brokerSettings, fresh, taker);
    }

    private static void requirePort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new StackFailure("the " + name + " must be 0 to 65535, not " + port);
        }
    }
}
