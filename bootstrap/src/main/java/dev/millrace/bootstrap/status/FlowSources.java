package dev.millrace.bootstrap.status;

import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.flow.DatabaseFlow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where what is known of the flow is found. The parts of the process tell as they open; what no
 * part has told of is not there. Thread-safe.
 */
public final class FlowSources {

    private final Map<String, SubscriptionSources> subscriptions = new ConcurrentSkipListMap<>();
    private final Map<String, GateSource> gates = new ConcurrentSkipListMap<>();
    private volatile Optional<Supplier<DatabaseFlow>> database = Optional.empty();

    /**
     * What is known of a stream at the gate but not measured.
     *
     * @param inFlight events under way, of all streams
     * @param limit how many may be
     * @param brokerTakes whether the broker takes the stream's events
     */
    record GateSource(
            StreamName stream, LongSupplier inFlight, long limit, BooleanSupplier brokerTakes) {}

    /**
     * This process takes a stream in.
     *
     * @param inFlight events under way, of all streams
     * @param limit how many may be
     * @param brokerTakes whether the broker takes the stream's events
     */
    public void gate(
            StreamName stream, LongSupplier inFlight, long limit, BooleanSupplier brokerTakes) {
        gates.put(stream.value(), new GateSource(stream, inFlight, limit, brokerTakes));
    }

    /** This process has the database. */
    public void database(Supplier<DatabaseFlow> known) {
        database = Optional.of(known);
    }

    /** What this process knows of a subscription, to be told part by part. */
    public SubscriptionSources subscription(SubscriptionId id, SubscriptionType type) {
        return subscriptions.computeIfAbsent(
                id.toString(), name -> new SubscriptionSources(id, type));
    }

    List<GateSource> gates() {
        return List.copyOf(gates.values());
    }

    List<SubscriptionSources> subscriptions() {
        return List.copyOf(subscriptions.values());
    }

    List<DatabaseFlow> database() {
        return database.map(Supplier::get).stream().toList();
    }
}
