package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.RedrivePace;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driving.BeginRedrive;
import dev.millrace.ports.operations.driving.CancelRedrive;
import dev.millrace.ports.operations.driving.ListRedrives;
import dev.millrace.ports.operations.driving.ShowRedrive;

import tools.jackson.core.JsonGenerator;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The jobs that retry many quarantined events: {@code /ops/v1/redrives}. */
public final class RedriveRoutes {

    private static final String PATH = "/ops/v1/redrives";
    private static final String ONE = PATH + "/{id}";
    private static final int DEFAULT_RATE = 100;

    private final BeginRedrive begin;
    private final ListRedrives list;
    private final ShowRedrive show;
    private final CancelRedrive cancel;

    public RedriveRoutes(
            BeginRedrive begin, ListRedrives list, ShowRedrive show, CancelRedrive cancel) {
        this.begin = Objects.requireNonNull(begin);
        this.list = Objects.requireNonNull(list);
        this.show = Objects.requireNonNull(show);
        this.cancel = Objects.requireNonNull(cancel);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(
                new OperationRoute.Act(OperationRoute.Method.POST, PATH, 202, this::begin),
                new OperationRoute.Look(new ReadRoute(PATH, this::list)),
                new OperationRoute.Look(new ReadRoute(ONE, this::show)),
                new OperationRoute.Act(
                        OperationRoute.Method.POST, ONE + "/cancel", 200, this::cancel));
    }

    /** Without a filter it would be about everything, which has to be said by an empty one. */
    private JsonBody begin(ActRequest request) {
        Field<QuarantineFilter> filter =
                request.requiredObject("filter")
                        .map(RedriveRoutes::filter)
                        .orElseGet(Field::invalid);
        Field<Integer> rate =
                request.body().optionalWholeNumber("rate", DEFAULT_RATE, RedriveRoutes::rate);
        Field<Signature> signature = request.signature();
        request.requireValid();
        Redrive job = begin.begin(filter.value(), rate.value(), signature.value());
        return json -> write(json, job);
    }

    private static Field<QuarantineFilter> filter(EventFields fields) {
        Field<String> stream = fields.optionalText("stream", "", text -> text);
        Field<String> subscription = fields.optionalText("subscription", "", text -> text);
        Field<String> key = fields.optionalText("key", "", text -> text);
        Field<String> reason = fields.optionalText("reason", "", text -> text);
        Field<String> cause = fields.optionalText("cause", "", text -> text);
        Field<Instant> since = fields.optionalInstant("since", QuarantineFilter.FIRST);
        Field<Instant> until = fields.optionalInstant("until", QuarantineFilter.LAST);
        boolean valid =
                List.of(stream, subscription, key, reason, cause, since, until).stream()
                        .allMatch(Field::isValid);
        return valid
                ? Field.of(
                        new QuarantineFilter(
                                stream.value(),
                                subscription.value(),
                                key.value(),
                                reason.value(),
                                cause.value(),
                                "",
                                since.value(),
                                until.value()))
                : Field.invalid();
    }

    private static Integer rate(long number) {
        if (number < 1 || number > RedrivePace.MAX_RATE) {
            throw new InvalidValue(
                    "rate", "must be a whole number from 1 to " + RedrivePace.MAX_RATE);
        }
        return Math.toIntExact(number);
    }

    private Optional<JsonBody> list(ReadRequest request) {
        Field<Long> after = Paging.after(request);
        Field<Paging> paging = Paging.of(request);
        request.requireValid();
        Paging page = paging.value();
        List<Redrive> found = list.list(after.value(), page.toFind());
        return Optional.of(json ->
                page.write(
                        json,
                        "redrives",
                        found,
                        job -> write(json, job),
                        last -> json.writeNumberProperty("next", last.id())));
    }

    private Optional<JsonBody> show(ReadRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        request.requireValid();
        Redrive job = show.show(id.value()).orElseThrow(JobEnd::unknown);
        return Optional.of(json -> write(json, job));
    }

    private JsonBody cancel(ActRequest request) {
        Field<Long> id = request.path("id", Numbers::id);
        Field<Signature> signature = request.signature();
        request.requireValid();
        return JobEnd.answer(cancel.cancel(id.value(), signature.value()), RedriveRoutes::write);
    }

    private static void write(JsonGenerator json, Redrive job) {
        json.writeStartObject();
        json.writeNumberProperty("id", job.id());
        json.writeStringProperty("state", job.word());
        json.writeNumberProperty("retried", job.tally().retried());
        json.writeNumberProperty("succeeded", job.tally().succeeded());
        json.writeNumberProperty("failed", job.tally().failed());
        json.writeNumberProperty("remaining", job.tally().remaining());
        json.writeNumberProperty("rate", job.pace().rate());
        json.writeNumberProperty("maxRate", job.most());
        json.writeStringProperty("by", job.signature().by());
        json.writeStringProperty("why", job.signature().why());
        json.writeStringProperty("startedAt", job.startedAt().toString());
        if (!job.isRunning()) {
            json.writeStringProperty("endedAt", job.endedAt().toString());
        }
        json.writeStringProperty("detail", job.detail());
        json.writeEndObject();
    }
}
