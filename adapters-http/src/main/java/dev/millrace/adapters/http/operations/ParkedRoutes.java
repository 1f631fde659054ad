package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.Key;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.Hastening;
import dev.millrace.domain.operations.ParkedFilter;
import dev.millrace.domain.operations.ParkedKey;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscribedKey;
import dev.millrace.ports.operations.driving.ListParked;
import dev.millrace.ports.operations.driving.ReleaseParked;

import tools.jackson.core.JsonGenerator;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The keys that wait: {@code /ops/v1/parked}. */
public final class ParkedRoutes {

    private static final String PATH = "/ops/v1/parked";

    private final ListParked list;
    private final ReleaseParked release;

    public ParkedRoutes(ListParked list, ReleaseParked release) {
        this.list = Objects.requireNonNull(list);
        this.release = Objects.requireNonNull(release);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(
                new OperationRoute.Look(new ReadRoute(PATH, this::list)),
                new OperationRoute.Act(
                        OperationRoute.Method.POST, PATH + "/release", 200, this::release));
    }

    private Optional<JsonBody> list(ReadRequest request) {
        Field<String> stream = request.text("stream", "", text -> text);
        Field<String> subscription = request.text("subscription", "", text -> text);
        Field<String> key = request.text("key", "", text -> text);
        Field<String> after =
                request.text("after", "", text -> SubscribedKey.parse(text).toString());
        Field<Paging> paging = Paging.of(request);
        request.requireValid();
        Paging page = paging.value();
        List<ParkedKey> found =
                list.list(
                        new ParkedFilter(stream.value(), subscription.value(), key.value()),
                        after.value(),
                        page.toFind());
        return Optional.of(json ->
                page.write(
                        json,
                        "keys",
                        found,
                        waiting -> write(json, waiting),
                        last -> json.writeStringProperty("next", last.key().toString())));
    }

    private static void write(JsonGenerator json, ParkedKey waiting) {
        json.writeStartObject();
        json.writeStringProperty("stream", waiting.key().stream().value());
        json.writeStringProperty("subscription", waiting.key().subscription());
        json.writeStringProperty("key", waiting.key().key().value());
        json.writeNumberProperty("events", waiting.events());
        json.writeNumberProperty("bytes", waiting.bytes());
        json.writeBooleanProperty("awaitsPerson", !waiting.awaited().isEmpty());
        if (!waiting.awaited().isEmpty()) {
            json.writeNumberProperty("quarantineId", waiting.awaited().getFirst());
        }
        for (ParkedKey.Head head : waiting.heads()) {
            json.writeObjectPropertyStart("head");
            json.writeStringProperty("messageId", head.messageId().value());
            json.writeStringProperty("position", head.position().toString());
            json.writeNumberProperty("attempts", head.attempts());
            json.writeStringProperty("parkedAt", head.parkedAt().toString());
            if (!head.dueAt().equals(Instant.MAX)) {
                json.writeStringProperty("dueAt", head.dueAt().toString());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private JsonBody release(ActRequest request) {
        Field<StreamName> stream = request.body().text("stream", StreamName::new);
        Field<String> subscription = request.body().text("subscription", text -> text);
        Field<Key> key = request.body().text("key", Key::new);
        Field<Signature> signature = request.signature();
        request.requireValid();
        return switch (release.release(
                new SubscribedKey(stream.value(), subscription.value(), key.value()),
                signature.value())) {
            case Hastening.Due(long events) ->
                    json -> {
                        json.writeStartObject();
                        json.writeStringProperty("key", key.value().value());
                        json.writeNumberProperty("events", events);
                        json.writeStringProperty("result", "due");
                        json.writeEndObject();
                    };
            case Hastening.NothingParked() ->
                    throw new Refusal(
                            404, ProblemType.NOT_FOUND, "Nothing of this key is parked there.");
            case Hastening.AwaitsPerson(List<Long> awaited) ->
                    throw new Refusal(
                            409,
                            ProblemType.AWAITS_PERSON,
                            "The key waits until its quarantined event "
                                    + awaited.getFirst()
                                    + " is retried or discarded.");
        };
    }
}
