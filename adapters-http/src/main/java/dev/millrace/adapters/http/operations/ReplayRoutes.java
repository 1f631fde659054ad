package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayMode;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driving.BeginReplay;
import dev.millrace.ports.operations.driving.CancelReplay;
import dev.millrace.ports.operations.driving.ListReplayFindings;
import dev.millrace.ports.operations.driving.ListReplays;
import dev.millrace.ports.operations.driving.ShowReplay;

import tools.jackson.core.JsonGenerator;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The jobs that go through a topic once more: {@code /ops/v1/replays}. */
public final class ReplayRoutes {

    private static final String PATH = "/ops/v1/replays";
    private static final String ONE = PATH + "/{id}";
    private static final int DEFAULT_RATE = 2_000;

    private final BeginReplay begin;
    private final ListReplays list;
    private final ShowReplay show;
    private final ListReplayFindings findings;
    private final CancelReplay cancel;
    private final Subscriptions subscriptions;

    /**
     * @param subscriptions that can be replayed here
     */
    public ReplayRoutes(
            BeginReplay begin,
            ListReplays list,
            ShowReplay show,
            ListReplayFindings findings,
            CancelReplay cancel,
            List<SubscriptionId> subscriptions) {
        this.begin = Objects.requireNonNull(begin);
        this.list = Objects.requireNonNull(list);
        this.show = Objects.requireNonNull(show);
        this.findings = Objects.requireNonNull(findings);
        this.cancel = Objects.requireNonNull(cancel);
        this.subscriptions = new Subscriptions(subscriptions);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(
                new OperationRoute.Act(OperationRoute.Method.POST, PATH, 202, this::begin),
                new OperationRoute.Look(new ReadRoute(PATH, this::list)),
                new OperationRoute.Look(new ReadRoute(ONE, this::show)),
                new OperationRoute.Look(new ReadRoute(ONE + "/findings", this::findings)),
                new OperationRoute.Act(
                        OperationRoute.Method.POST, ONE + "/cancel", 200, this::cancel));
    }

    private JsonBody begin(ActRequest request) {
        EventFields body = request.body();
        Field<String> stream = body.text("stream", text -> text);
        Field<String> subscription = body.text("subscription", text -> text);
        Field<ReplayMode> mode = body.text("mode", ReplayRoutes::mode);
        Field<ReplayBoundary> from = boundary(body, "from");
        Field<ReplayBoundary> to = boundary(body, "to");
        Field<Boolean> outOfOrder = body.optionalTruthValue("outOfOrder", false);
        Field<Long> rate =
                body.optionalWholeNumber("rate", (long) DEFAULT_RATE, ReplayRoutes::rate);
        Field<Signature> signature = request.signature();
        request.requireValid();
        ReplayPlan plan =
                plan(
                        subscriptions.find(stream.value(), subscription.value()),
                        from.value(),
                        to.value(),
                        mode.value(),
                        outOfOrder.value(),
                        Math.toIntExact(rate.value()));
        return switch (begin.begin(plan, signature.value())) {
            case ReplayBeginning.Begun(Replay replay) -> json -> write(json, replay);
            case ReplayBeginning.Busy(long running) ->
                    throw new Refusal(
                            409,
                            ProblemType.REPLAY_RUNNING,
                            "Replay "
                                    + running
                                    + " of this subscription runs: wait for its end, or cancel"
                                    + " it.");
            case ReplayBeginning.NoSuchPartition(int partitions) ->
                    throw Refusal.invalidRequest(
                            List.of(
                                    FieldError.of(
                                            from.value() instanceof ReplayBoundary.Place
                                                    ? "from"
                                                    : "to",
                                            "must be in a partition of the topic, 0 to "
                                                    + (partitions - 1))));
        };
    }

    private static ReplayMode mode(String word) {
        return Stream.of(ReplayMode.values())
                .filter(mode -> mode.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidValue("mode", "must be verify or fill-gaps"));
    }

    private static Field<ReplayBoundary> boundary(EventFields body, String name) {
        return body.optionalText(
                name, new ReplayBoundary.Open(), text -> ReplayBoundary.parse(name, text));
    }

    private static Long rate(long number) {
        if (number < 1 || number > ReplayPlan.MAX_RATE) {
            throw new InvalidValue(
                    "rate", "must be a whole number from 1 to " + ReplayPlan.MAX_RATE);
        }
        return number;
    }

    private static ReplayPlan plan(
            SubscriptionId subscription,
            ReplayBoundary from,
            ReplayBoundary to,
            ReplayMode mode,
            boolean outOfOrder,
            int rate) {
        try {
            return new ReplayPlan(subscription, new ReplayScope(from, to), mode, outOfOrder, rate);
        } catch (InvalidValue broken) {
            throw Refusal.invalidRequest(List.of(FieldError.of(broken.field(), broken.rule())));
        }
    }

    private Optional<JsonBody> list(ReadRequest request) {
        Field<Long> after = Paging.after(request);
        Field<Paging> paging = Paging.of(request);
        request.requireValid();
        Paging page = paging.value();
        List<Replay> found = list.list(after.value(), page.toFind());
        return Optional.of(json ->
                page.write(
                        json,
                        "replays",
                        found,
                        replay -> write(json, replay),
                        last -> json.writeNumberProperty("next", last.id())));
    }

    private Optional<JsonBody> show(ReadRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        request.requireValid();
        Replay replay = show.show(id.value()).orElseThrow(JobEnd::unknown);
        return Optional.of(json -> write(json, replay));
    }

    private Optional<JsonBody> findings(ReadRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        Field<Long> after = Paging.after(request);
        Field<Paging> paging = Paging.of(request);
        request.requireValid();
        if (show.show(id.value()).isEmpty()) {
            throw JobEnd.unknown();
        }
        Paging page = paging.value();
        List<ReplayFinding> found = findings.list(id.value(), after.value(), page.toFind());
        return Optional.of(json ->
                page.write(
                        json,
                        "findings",
                        found,
                        finding -> write(json, finding),
                        last -> json.writeNumberProperty("next", last.number())));
    }

    private JsonBody cancel(ActRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        Field<Signature> signature = request.signature();
        request.requireValid();
        return JobEnd.answer(cancel.cancel(id.value(), signature.value()), ReplayRoutes::write);
    }

    private static void write(JsonGenerator json, ReplayFinding finding) {
        json.writeStartObject();
        json.writeNumberProperty("number", finding.number());
        json.writeStringProperty("kind", finding.kind().word());
        json.writeStringProperty("position", finding.position().toString());
        json.writeStringProperty("messageId", finding.messageId());
        json.writeStringProperty("key", finding.key());
        json.writeStringProperty("detail", finding.detail());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Replay replay) {
        ReplayPlan plan = replay.plan();
        json.writeStartObject();
        json.writeNumberProperty("id", replay.id());
        json.writeStringProperty("state", replay.word());
        json.writeStringProperty("stream", plan.subscription().stream().value());
        json.writeStringProperty("subscription", plan.subscription().name());
        json.writeStringProperty("mode", plan.mode().word());
        json.writeBooleanProperty("outOfOrder", plan.outOfOrder());
        json.writeStringProperty("from", plan.scope().from().toString());
        json.writeStringProperty("to", plan.scope().to().toString());
        json.writeNumberProperty("rate", plan.rate());
        json.writeNumberProperty("copies", replay.tally().copies());
        json.writeNumberProperty("inFlight", replay.tally().inFlight());
        json.writeNumberProperty("purged", replay.tally().purged());
        json.writeNumberProperty("differences", replay.tally().differences());
        json.writeObjectPropertyStart("findings");
        replay.tally()
                .found()
                .forEach((kind, count) -> json.writeNumberProperty(kind.word(), count));
        json.writeEndObject();
        json.writeNumberProperty("leftOut", replay.tally().leftOut());
        json.writeArrayPropertyStart("partitions");
        replay.spans().forEach(span -> write(json, span));
        json.writeEndArray();
        json.writeStringProperty("by", replay.signature().by());
        json.writeStringProperty("why", replay.signature().why());
        json.writeStringProperty("startedAt", replay.startedAt().toString());
        if (!replay.isRunning()) {
            json.writeStringProperty("endedAt", replay.endedAt().toString());
        }
        json.writeStringProperty("detail", replay.detail());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ReplaySpan span) {
        json.writeStartObject();
        json.writeNumberProperty("partition", span.partition());
        json.writeStringProperty("next", span.next().toString());
        json.writeStringProperty("until", span.until().toString());
        json.writeEndObject();
    }
}
