package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.flow.Bottleneck;
import dev.millrace.domain.flow.DatabaseFlow;
import dev.millrace.domain.flow.Flow;
import dev.millrace.domain.flow.FlowHistory;
import dev.millrace.domain.flow.FlowSample;
import dev.millrace.domain.flow.GateFlow;
import dev.millrace.domain.flow.Latency;
import dev.millrace.domain.flow.Progress;
import dev.millrace.domain.flow.Standstill;
import dev.millrace.domain.flow.SubscriptionFlow;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.ports.Condition;
import dev.millrace.ports.operations.driving.ProcessStatus;
import dev.millrace.ports.operations.driving.ShowHistory;
import dev.millrace.ports.operations.driving.ShowStatus;

import tools.jackson.core.JsonGenerator;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How this process fares: {@code /ops/v1/status} once, {@code /ops/v1/status/events} again and
 * again. What nobody knows is {@code null}, what the process does not have is left out.
 * Thread-safe.
 */
public final class StatusRoutes {

    private static final String PATH = "/ops/v1/status";

    private final ShowStatus status;
    private final ShowHistory history;
    private final Duration interval;

    /**
     * @param interval between two events of the feed
     */
    public StatusRoutes(ShowStatus status, ShowHistory history, Duration interval) {
        this.status = Objects.requireNonNull(status);
        this.history = Objects.requireNonNull(history);
        this.interval = Objects.requireNonNull(interval);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(
                new OperationRoute.Local(new ReadRoute(PATH, this::show)),
                new OperationRoute.Feed(PATH + "/events", this::follow));
    }

    private Optional<JsonBody> show(ReadRequest request) {
        request.requireValid();
        return Optional.of(body(status.show()));
    }

    /** The past first, so that a picture over time is whole from the beginning. */
    private void follow(ReadRequest request, FeedHandler.Listener listener) {
        request.requireValid();
        listener.send("history", body(history.show()));
        do {
            listener.send("status", body(status.show()));
        } while (listener.waits(interval));
    }

    private static JsonBody body(FlowHistory past) {
        return json -> {
            json.writeStartObject();
            json.writeNumberProperty("intervalSeconds", past.interval().toSeconds());
            json.writeArrayPropertyStart("samples");
            past.samples().forEach(sample -> write(json, sample));
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private static void write(JsonGenerator json, FlowSample sample) {
        json.writeStartObject();
        json.writeStringProperty("at", sample.at().toString());
        write(json, "acceptedRate", sample.acceptedRate());
        write(json, "appliedRate", sample.appliedRate());
        write(json, "backlogEntries", sample.backlogEntries());
        write(json, "lagP99Seconds", sample.lagP99Seconds());
        write(json, "publishP99Seconds", sample.publishP99Seconds());
        json.writeEndObject();
    }

    private static JsonBody body(ProcessStatus now) {
        return json -> {
            json.writeStartObject();
            json.writeStringProperty("at", now.at().toString());
            json.writeStringProperty("instance", now.instance());
            json.writeStringProperty("version", now.version());
            json.writeArrayPropertyStart("roles");
            now.roles().forEach(json::writeString);
            json.writeEndArray();
            json.writeBooleanProperty("ready", now.isReady());
            json.writeArrayPropertyStart("conditions");
            now.conditions().forEach(condition -> write(json, condition));
            json.writeEndArray();
            write(json, now.flow());
            write(json, now.bottleneck());
            json.writeEndObject();
        };
    }

    private static void write(JsonGenerator json, Condition condition) {
        json.writeStartObject();
        json.writeStringProperty("name", condition.name());
        json.writeBooleanProperty("met", condition.met());
        json.writeStringProperty("detail", condition.detail());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Flow flow) {
        flow.gate().forEach(gate -> write(json, gate));
        json.writeArrayPropertyStart("subscriptions");
        flow.subscriptions().forEach(subscription -> write(json, subscription));
        json.writeEndArray();
        flow.database().forEach(database -> write(json, database));
    }

    private static void write(JsonGenerator json, GateFlow gate) {
        json.writeObjectPropertyStart("gate");
        write(json, "acceptedRate", gate.acceptedRate());
        write(json, "refusedRate", gate.refusedRate());
        write(json, "throttledRate", gate.throttledRate());
        write(json, "unstoredRate", gate.unstoredRate());
        write(json, "publish", gate.publish());
        json.writeNumberProperty("inFlight", gate.inFlight());
        json.writeNumberProperty("inFlightLimit", gate.inFlightLimit());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, SubscriptionFlow subscription) {
        json.writeStartObject();
        json.writeStringProperty("stream", subscription.name().stream().value());
        json.writeStringProperty("subscription", subscription.name().subscription());
        json.writeStringProperty("type", subscription.type().name().toLowerCase(Locale.ROOT));
        write(json, "backlogEntries", subscription.backlog().entries());
        write(json, "backlogEvents", subscription.backlog().events());
        write(json, "backlogAgeSeconds", subscription.backlog().ageSeconds());
        write(json, "lag", subscription.lag());
        write(json, "transaction", subscription.transaction());
        write(json, subscription.progress());
        if (!subscription.lanes().isEmpty()) {
            json.writeObjectPropertyStart("lanes");
            for (LaneState state : LaneState.values()) {
                int lanes = subscription.lanesIn(state);
                if (lanes > 0) {
                    json.writeNumberProperty(state.word(), lanes);
                }
            }
            json.writeEndObject();
            json.writeStringProperty("breaker", subscription.interrupted() ? "open" : "closed");
        }
        write(json, subscription.standstill());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Progress progress) {
        write(json, "appliedRate", progress.appliedRate());
        write(json, "rejectedRate", progress.rejectedRate());
        write(json, "busyLanes", progress.busyLanes());
        write(json, "largestKeyShare", progress.largestKeyShare());
    }

    private static void write(JsonGenerator json, Standstill standstill) {
        write(json, "parkedKeys", standstill.parkedKeys());
        write(json, "parkedEvents", standstill.parkedEvents());
        write(json, "oldestParkedSeconds", standstill.oldestParkedSeconds());
        write(json, "quarantined", standstill.quarantined());
        write(json, "outboxEvents", standstill.outboxEvents());
        write(json, "outboxOldestSeconds", standstill.outboxOldestSeconds());
    }

    private static void write(JsonGenerator json, DatabaseFlow database) {
        json.writeObjectPropertyStart("database");
        write(json, "connectionsActive", database.active());
        write(json, "connectionsMax", database.max());
        write(json, "connectionsWaiting", database.waiting());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Bottleneck bottleneck) {
        json.writeObjectPropertyStart("bottleneck");
        json.writeStringProperty("kind", bottleneck.kind().word());
        json.writeStringProperty("verdict", bottleneck.verdict());
        json.writeStringProperty("advice", bottleneck.advice());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String of, Latency latency) {
        write(json, of + "P50Seconds", latency.p50Seconds());
        write(json, of + "P99Seconds", latency.p99Seconds());
    }

    /** A whole number without a point; {@code null} where nobody knows. */
    private static void write(JsonGenerator json, String name, double value) {
        if (!Double.isFinite(value)) {
            json.writeNullProperty(name);
        } else if (value == Math.rint(value)) {
            json.writeNumberProperty(name, (long) value);
        } else {
            json.writeNumberProperty(name, value);
        }
    }
}
