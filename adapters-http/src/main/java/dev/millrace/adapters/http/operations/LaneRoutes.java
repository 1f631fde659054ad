package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.LaneOverview;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.Pausing;
import dev.millrace.domain.operations.ReportedLane;
import dev.millrace.domain.operations.Resuming;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.operations.driving.PauseLanes;
import dev.millrace.ports.operations.driving.ResumeLanes;
import dev.millrace.ports.operations.driving.ShowLanes;

import tools.jackson.core.JsonGenerator;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What applies events, and whether it is to pause: {@code /ops/v1/lanes}. */
public final class LaneRoutes {

    private static final String PATH = "/ops/v1/lanes";

    private final ShowLanes show;
    private final PauseLanes pause;
    private final ResumeLanes resume;

    public LaneRoutes(ShowLanes show, PauseLanes pause, ResumeLanes resume) {
        this.show = Objects.requireNonNull(show);
        this.pause = Objects.requireNonNull(pause);
        this.resume = Objects.requireNonNull(resume);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(
                new OperationRoute.Look(new ReadRoute(PATH, this::show)),
                act("/pause", this::pause),
                act("/resume", this::resume));
    }

    private static OperationRoute act(String path, ActHandler handler) {
        return new OperationRoute.Act(OperationRoute.Method.POST, PATH + path, 200, handler);
    }

    private Optional<JsonBody> show(ReadRequest request) {
        request.requireValid();
        LaneOverview overview = show.show();
        return Optional.of(json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("lanes");
            overview.lanes().forEach(lane -> write(json, lane));
            json.writeEndArray();
            json.writeArrayPropertyStart("paused");
            for (LanePause paused : overview.pauses()) {
                json.writeStartObject();
                write(json, paused.subscription());
                write(json, paused);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, ReportedLane lane) {
        json.writeStartObject();
        write(json, lane.subscription());
        json.writeStringProperty("process", lane.process());
        json.writeNumberProperty("lane", lane.report().lane());
        json.writeStringProperty("state", lane.report().state().word());
        for (var position : lane.report().acknowledged()) {
            json.writeStringProperty("position", position.toString());
        }
        json.writeNumberProperty("rate", lane.report().rate());
        if (!lane.report().waitsFor().isEmpty()) {
            json.writeStringProperty("waitsFor", lane.report().waitsFor());
        }
        json.writeStringProperty("reportedAt", lane.reportedAt().toString());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, SubscriptionName subscription) {
        json.writeStringProperty("stream", subscription.stream().value());
        json.writeStringProperty("subscription", subscription.subscription());
    }

    private static void write(JsonGenerator json, LanePause pause) {
        json.writeStringProperty("by", pause.signature().by());
        json.writeStringProperty("at", pause.at().toString());
        json.writeStringProperty("why", pause.signature().why());
    }

    private JsonBody pause(ActRequest request) {
        Wish wish = Wish.of(request);
        return switch (pause.pause(wish.subscription(), wish.signature())) {
            case Pausing.Paused(LanePause now) -> answer("paused", now);
            case Pausing.AlreadyPaused(LanePause before) -> answer("already-paused", before);
            case Pausing.Unknown() -> throw unknown(wish.subscription());
        };
    }

    private JsonBody resume(ActRequest request) {
        Wish wish = Wish.of(request);
        return switch (resume.resume(wish.subscription(), wish.signature())) {
            case Resuming.Resumed(LanePause ended) -> answer("resumed", ended);
            case Resuming.NotPaused() ->
                    json -> {
                        json.writeStartObject();
                        write(json, wish.subscription());
                        json.writeStringProperty("result", "not-paused");
                        json.writeEndObject();
                    };
            case Resuming.Unknown() -> throw unknown(wish.subscription());
        };
    }

    /** What was done, or was done before, and the pause that it is about. */
    private static JsonBody answer(String result, LanePause pause) {
        return json -> {
            json.writeStartObject();
            write(json, pause.subscription());
            json.writeStringProperty("result", result);
            json.writeObjectPropertyStart("pause");
            write(json, pause);
            json.writeEndObject();
            json.writeEndObject();
        };
    }

    private static Refusal unknown(SubscriptionName subscription) {
        return new Refusal(
                404, ProblemType.NOT_FOUND, "No lane has ever worked for " + subscription + ".");
    }

    /** Of which lanes something is wanted, and by whom. */
    private record Wish(SubscriptionName subscription, Signature signature) {

        static Wish of(ActRequest request) {
            Field<StreamName> stream = request.body().text("stream", StreamName::new);
            Field<String> subscription = request.body().text("subscription", text -> text);
            Field<Signature> signature = request.signature();
            request.requireValid();
            return new Wish(
                    new SubscriptionName(stream.value(), subscription.value()), signature.value());
        }
    }
}
