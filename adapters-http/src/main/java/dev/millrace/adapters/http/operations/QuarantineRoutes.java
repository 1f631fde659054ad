package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.Reason;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driving.DiscardQuarantined;
import dev.millrace.ports.operations.driving.GroupQuarantine;
import dev.millrace.ports.operations.driving.ListQuarantine;
import dev.millrace.ports.operations.driving.RetryQuarantined;
import dev.millrace.ports.operations.driving.ShowQuarantined;

import tools.jackson.core.JsonGenerator;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The events that need a person: {@code /ops/v1/quarantine}. */
public final class QuarantineRoutes {

    private static final String PATH = "/ops/v1/quarantine";
    private static final String ONE = PATH + "/{id}";

    private final ListQuarantine list;
    private final GroupQuarantine group;
    private final ShowQuarantined show;
    private final RetryQuarantined retry;
    private final DiscardQuarantined discard;

    public QuarantineRoutes(
            ListQuarantine list,
            GroupQuarantine group,
            ShowQuarantined show,
            RetryQuarantined retry,
            DiscardQuarantined discard) {
        this.list = Objects.requireNonNull(list);
        this.group = Objects.requireNonNull(group);
        this.show = Objects.requireNonNull(show);
        this.retry = Objects.requireNonNull(retry);
        this.discard = Objects.requireNonNull(discard);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(
                new OperationRoute.Look(new ReadRoute(PATH, this::list)),
                new OperationRoute.Look(new ReadRoute(PATH + "/causes", this::causes)),
                new OperationRoute.Look(new ReadRoute(ONE, this::show)),
                new OperationRoute.Act(
                        OperationRoute.Method.POST, ONE + "/retry", 200, this::retry),
                new OperationRoute.Act(
                        OperationRoute.Method.POST, ONE + "/discard", 200, this::discard));
    }

    private Optional<JsonBody> list(ReadRequest request) {
        Field<QuarantineFilter> filter = filter(request);
        Field<Long> after = Paging.after(request);
        Field<Paging> paging = Paging.of(request);
        request.requireValid();
        Paging page = paging.value();
        List<QuarantinedEvent> found = list.list(filter.value(), after.value(), page.toFind());
        return Optional.of(json ->
                page.write(
                        json,
                        "events",
                        found,
                        event -> QuarantineJson.write(json, event),
                        last -> json.writeNumberProperty("next", last.id())));
    }

    private Optional<JsonBody> causes(ReadRequest request) {
        Field<QuarantineFilter> filter = filter(request);
        request.requireValid();
        List<QuarantineCause> causes = group.group(filter.value());
        return Optional.of(json -> QuarantineJson.writeCauses(json, causes));
    }

    private Optional<JsonBody> show(ReadRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        request.requireValid();
        return switch (show.show(id.value())) {
            case Inspection.Found found ->
                    Optional.of(json -> QuarantineJson.write(json, found.dossier()));
            case Absent absent -> throw notFound(absent);
        };
    }

    private JsonBody retry(ActRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        Field<Signature> signature = request.signature();
        request.requireValid();
        return switch (retry.retry(id.value(), signature.value())) {
            case Retrial.Parked(QuarantinedEvent event) ->
                    json -> {
                        begin(json, event, "parked");
                        json.writeEndObject();
                    };
            case Retrial.Refused(QuarantinedEvent event) -> throw notRetriable(event);
            case Absent absent -> throw notFound(absent);
        };
    }

    private JsonBody discard(ActRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        Field<Signature> signature = request.signatureWithReason();
        request.requireValid();
        return switch (discard.discard(id.value(), signature.value())) {
            case Disposal.Discarded(QuarantinedEvent event, boolean keyGoesOn) ->
                    json -> {
                        begin(json, event, "discarded");
                        json.writeBooleanProperty("keyGoesOn", keyGoesOn);
                        json.writeEndObject();
                    };
            case Absent absent -> throw notFound(absent);
        };
    }

    private static void begin(JsonGenerator json, QuarantinedEvent event, String result) {
        json.writeStartObject();
        json.writeNumberProperty("id", event.id());
        json.writeStringProperty("messageId", event.messageId());
        json.writeStringProperty("key", event.key());
        json.writeStringProperty("result", result);
    }

    private static Field<QuarantineFilter> filter(ReadRequest request) {
        Field<String> stream = request.text("stream", "", text -> text);
        Field<String> subscription = request.text("subscription", "", text -> text);
        Field<String> key = request.text("key", "", text -> text);
        Field<String> reason = request.text("reason", "", text -> text);
        Field<String> cause = request.text("cause", "", text -> text);
        Field<String> messageId = request.text("messageId", "", text -> text);
        Field<Instant> since = request.instant("since", QuarantineFilter.FIRST);
        Field<Instant> until = request.instant("until", QuarantineFilter.LAST);
        boolean valid =
                List.of(stream, subscription, key, reason, cause, messageId, since, until).stream()
                        .allMatch(Field::isValid);
        return valid
                ? Field.of(
                        new QuarantineFilter(
                                stream.value(),
                                subscription.value(),
                                key.value(),
                                reason.value(),
                                cause.value(),
                                messageId.value(),
                                since.value(),
                                until.value()))
                : Field.invalid();
    }

    /** Somebody else may have been faster: whoever comes later hears who it was. */
    static Refusal notFound(Absent absent) {
        return new Refusal(
                404,
                ProblemType.NOT_FOUND,
                switch (absent) {
                    case Absent.Settled(var act) ->
                            "This event is not in quarantine any more: "
                                    + act.act()
                                    + " by "
                                    + act.signature().by()
                                    + " at "
                                    + act.at()
                                    + ".";
                    case Absent.Unknown() -> "There is no event in quarantine under this number.";
                });
    }

    static Refusal notRetriable(QuarantinedEvent event) {
        String why =
                event.reason().equals(Reason.CONFLICT)
                        ? "Another event stands under its message ID, and has its own outcome."
                        : event.reason().equals(Reason.UNDECODABLE)
                                ? "No known schema reads its bytes."
                                : "Nobody knows any more whether it took effect before.";
        return new Refusal(
                409,
                ProblemType.NOT_RETRIABLE,
                why + " It can be discarded (reason " + event.reason() + ").");
    }
}
