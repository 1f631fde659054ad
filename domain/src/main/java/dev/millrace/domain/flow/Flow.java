package dev.millrace.domain.flow;

import java.util.List;

/**
 * How the flow through one process fares.
 *
 * @param gate none where the process is no gate
 * @param subscriptions none where the process does not know the broker
 * @param database none where the process has none
 */
public record Flow(
        List<GateFlow> gate, List<SubscriptionFlow> subscriptions, List<DatabaseFlow> database) {

    public Flow {
        gate = List.copyOf(gate);
        subscriptions = List.copyOf(subscriptions);
        database = List.copyOf(database);
    }
}
