package dev.millrace.adapters.http.operations;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.Answer;
import dev.millrace.adapters.http.CounterEventReader;
import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Content;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.ports.contract.CountVerdicts;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterDecoder;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.counter.Deliveries;
import dev.millrace.ports.driven.ParkedEvents.Patience;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.InMemoryMessageArchive;
import dev.millrace.ports.fake.InMemoryOperations;
import dev.millrace.ports.fake.InMemoryParkedEvents;
import dev.millrace.ports.fake.InMemoryRedrives;
import dev.millrace.ports.usecase.operations.EventEditing;
import dev.millrace.ports.usecase.operations.EventTranscribing;
import dev.millrace.ports.usecase.operations.LifeTelling;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The operations API over tables in memory. They begin with a key {@code a} whose head {@code m1}
 * needs a person and has one event behind it, a conflict of {@code c1}, and a key {@code p} whose
 * head is tried again in an hour.
 */
final class OperationsOverHttpTest {

    private static final String ANNA = "{\"by\":\"anna\",\"why\":\"mended\"}";

    private final SubscriptionId subscription =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryInbox<CountEvent, Count, Counted> inbox =
            new InMemoryInbox<>(
                    database,
                    subscription,
                    CounterStream.STREAM,
                    count -> count.value() >= 0,
                    InstantSource.system());
    private final InMemoryOperations operations =
            new InMemoryOperations(
                    database,
                    subscription.tenant(),
                    subscription.namespace(),
                    InstantSource.system());
    private final RunningOperations http = new RunningOperations(routes());

    private List<OperationRoute> routes() {
        List<OperationRoute> routes = new ArrayList<>();
        routes.addAll(
                new QuarantineRoutes(
                                operations::list,
                                operations::causes,
                                operations::show,
                                operations::retry,
                                operations::discard)
                        .routes());
        var keys = operations.parkedKeys();
        routes.addAll(new ParkedRoutes(keys::list, keys::release).routes());
        var redrives = new InMemoryRedrives(database, operations, InstantSource.system());
        routes.addAll(
                new RedriveRoutes(redrives::begin, redrives::list, redrives::find, redrives::cancel)
                        .routes());
        routes.addAll(
                new EditRoutes(
                                operations::show,
                                List.of(
                                        new StreamEdits<>(
                                                CounterStream.NAME,
                                                new CounterEventReader(),
                                                OperationsOverHttpTest::write,
                                                new EventTranscribing<>(
                                                        new CounterDecoder(_ -> false), operations),
                                                new EventEditing<>(
                                                        CounterStream.STREAM,
                                                        OperationsOverHttpTest::encode,
                                                        operations))))
                        .routes());
        routes.addAll(new AuditRoutes(operations::read).routes());
        routes.addAll(
                new LifeRoutes(
                                new LifeTelling(
                                        new InMemoryMessageArchive(
                                                database,
                                                subscription.tenant(),
                                                subscription.namespace(),
                                                (_, _) -> Optional.empty())),
                                List.of(CounterStream.NAME))
                        .routes());
        routes.addAll(
                new CopyRoutes(
                                Map.of(
                                        CounterStream.NAME,
                                        position ->
                                                Optional.of(
                                                                new TopicCopy(
                                                                        at(1),
                                                                        "m1",
                                                                        Deliveries.PUBLISHED_AT))
                                                        .filter(copy ->
                                                                copy.position().equals(position))))
                        .routes());
        return routes;
    }

    private static void write(JsonGenerator json, CountEvent event) {
        json.writeStringProperty("key", event.key().value());
        json.writeNumberProperty("by", event.by());
    }

    private static Content encode(CountEvent event) {
        return new Content("4", Payload.copyOf(event.toString().getBytes(StandardCharsets.UTF_8)));
    }

    @BeforeEach
    void begin() {
        given(
                Duration.ZERO,
                delivery("m1", broken("a"), 1),
                delivery("m2", add("a", 2), 2),
                delivery("c1", add("c", 1), 3),
                delivery("c1", add("c", 2), 4));
        var parked = new InMemoryParkedEvents<>(inbox, AfterQuarantine.WAITS);
        List<ParkedEvent> run = parked.queue(parked.due(1).getFirst(), 1);
        assertThat(
                        parked.release(
                                run,
                                Patience.WAIT,
                                CountVerdicts.on(
                                        run,
                                        new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED),
                                        id -> false)))
                .isInstanceOf(Release.Committed.class);
        given(Duration.ofHours(1), delivery("p1", broken("p"), 5));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void given(Duration delay, Delivery<CountEvent>... batch) {
        assertThat(
                        inbox.apply(
                                List.of(batch),
                                (events, known) ->
                                        new PlainDeciding<>(CounterStream.STREAM, true)
                                                .on(events, known, _ -> 0, new Fate.Retry(delay))))
                .isInstanceOf(Settlement.Committed.class);
    }

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void what_needs_a_person_is_listed_page_by_page() {
        Answer first = http.get("/ops/v1/quarantine?limit=1");

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body().path("events")).hasSize(1);
        Answer second = http.get("/ops/v1/quarantine?limit=1&after=" + first.text("/next"));
        assertThat(second.body().path("events")).hasSize(1);
        assertThat(second.body().has("next")).isFalse();
        JsonNode event = one("m1");
        assertThat(event.path("stream").asString()).isEqualTo("counter");
        assertThat(event.path("subscription").asString()).isEqualTo("counts");
        assertThat(event.path("key").asString()).isEqualTo("a");
        assertThat(event.path("reason").asString()).isEqualTo("attempts-exhausted");
        assertThat(event.path("position").asString()).isEqualTo(at(1).toString());
        assertThat(event.path("attemptCount").asInt()).isEqualTo(2);
        assertThat(event.path("edition").asInt()).isZero();
        assertThat(event.path("retriable").asBoolean()).isTrue();
        assertThat(one("c1").path("retriable").asBoolean()).isFalse();
        assertThat(http.get("/ops/v1/quarantine?since=9000-01-01T00:00:00Z").body().path("events"))
                .isEmpty();
        assertThat(http.get("/ops/v1/quarantine?until=0000-01-01T00:00:00Z").body().path("events"))
                .isEmpty();
    }

    @Test
    void one_is_shown_with_its_bytes_and_its_tries() {
        Answer shown = http.get("/ops/v1/quarantine/" + id("m1"));

        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text("/digest")).isEqualTo(CounterStream.STREAM.digest(broken("a")).hex());
        assertThat(shown.body().path("payload").binaryValue())
                .asString()
                .isEqualTo(broken("a").toString());
        assertThat(shown.text("/properties/origin")).isEqualTo("a test");
        assertThat(shown.text("/attempts/1/number")).isEqualTo("2");
        assertThat(shown.text("/attempts/1/exception"))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(shown.body().at("/attempts/1/frames")).isNotEmpty();
        assertThat(shown.text("/attempts/1/traceId")).hasSize(32);
    }

    @Test
    void what_it_says_is_shown_as_json_edition_by_edition() {
        long id = id("m1");
        http.put(
                "/ops/v1/quarantine/" + id + "/payload",
                "{\"by\":\"anna\",\"why\":\"wrong\",\"edition\":0,\"event\":{\"key\":\"a\",\"by\":5}}");

        assertThat(http.get("/ops/v1/quarantine/" + id + "/event").body())
                .isEqualTo(
                        Answer.json(
                                """
                                {"id":%d,"editions":[{"edition":0,"event":{"key":"a","by":1}},
                                {"edition":1,"event":{"key":"a","by":5}}]}
                                """
                                        .formatted(id)));
        http.get("/ops/v1/quarantine/4711/event").isProblem(404, "not-found");
    }

    @Test
    void what_happened_to_an_event_is_told_in_order() {
        Answer life = http.get("/ops/v1/streams/counter/messages/m1/life");

        assertThat(life.status()).isEqualTo(200);
        assertThat(life.text("/messageId")).isEqualTo("m1");
        assertThat(life.text("/subscriptions/0/subscription")).isEqualTo("counts");
        assertThat(life.text("/subscriptions/0/state")).isEqualTo("quarantined");
        assertThat(life.text("/subscriptions/0/traceId")).isEqualTo(Deliveries.TRACE_ID);
        assertThat(
                        StreamSupport.stream(
                                        life.body().at("/subscriptions/0/moments").spliterator(),
                                        false)
                                .map(moment -> moment.path("what").asString()))
                .containsExactly("published", "recorded", "failed", "failed", "quarantined");
        assertThat(life.text("/subscriptions/0/moments/3/exception"))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(life.text("/subscriptions/0/moments/4/quarantineId"))
                .isEqualTo(Long.toString(id("m1")));
        http.get("/ops/v1/streams/counter/messages/m4711/life").isProblem(404, "not-found");
        http.get("/ops/v1/streams/nothing/messages/m1/life").isProblem(404, "unknown-stream");
        refused(http.get("/ops/v1/streams/counter/messages/m1/life?colour=red"), "colour");
    }

    @Test
    void which_message_lies_where_is_told() {
        assertThat(http.get("/ops/v1/streams/counter/positions/7:1:1:1").body())
                .isEqualTo(
                        Answer.json(
                                """
                                {"stream":"counter","position":"7:1:1:1","messageId":"m1",
                                "publishedAt":"2026-03-01T12:00:00.123Z"}
                                """));
        http.get("/ops/v1/streams/counter/positions/7:2:2:2").isProblem(404, "not-found");
        http.get("/ops/v1/streams/nothing/positions/7:1:1:1").isProblem(404, "unknown-stream");
        refused(http.get("/ops/v1/streams/counter/positions/here"), "position");
    }

    @Test
    void no_page_of_another_site_acts() {
        String act = "/ops/v1/quarantine/" + id("m1") + "/retry";
        String own = http.origin();
        for (Map<String, String> headers :
                List.of(
                        Map.of("Sec-Fetch-Site", "cross-site"),
                        Map.of("Sec-Fetch-Site", "same-site"),
                        Map.of("Origin", "https://elsewhere.example"),
                        Map.of("Origin", "null"),
                        Map.of("Origin", own, "Sec-Fetch-Site", "cross-site"))) {
            send(act, headers).isProblem(403, "cross-site");
        }
        nothingHasChanged();

        assertThat(send(act, Map.of("Origin", own, "Sec-Fetch-Site", "same-origin")).status())
                .isEqualTo(200);
    }

    private Answer send(String path, Map<String, String> headers) {
        HttpRequest.Builder request =
                http.request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(ANNA));
        headers.forEach(request::header);
        return http.send(request);
    }

    @Test
    void causes_tell_how_many_failed_in_which_way() {
        Answer causes = http.get("/ops/v1/quarantine/causes?reason=attempts-exhausted");

        assertThat(causes.body().path("causes")).hasSize(1);
        assertThat(causes.text("/causes/0/cause")).startsWith("java.lang.IllegalStateException");
        assertThat(causes.text("/causes/0/events")).isEqualTo("1");
        assertThat(causes.text("/causes/0/keys")).isEqualTo("1");
    }

    @Test
    void a_retry_is_done_once_and_whoever_comes_later_hears_by_whom() {
        long id = id("m1");

        Answer done = http.post("/ops/v1/quarantine/" + id + "/retry", ANNA);

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body())
                .isEqualTo(
                        Answer.json(
                                "{\"id\":%d,\"messageId\":\"m1\",\"key\":\"a\",\"result\":\"parked\"}"
                                        .formatted(id)));
        for (Answer late :
                List.of(
                        http.post("/ops/v1/quarantine/" + id + "/retry", "{\"by\":\"bert\"}"),
                        http.post(
                                "/ops/v1/quarantine/" + id + "/discard",
                                "{\"by\":\"bert\",\"why\":\"old\"}"),
                        http.get("/ops/v1/quarantine/" + id))) {
            assertThat(late.isProblem(404, "not-found").text("/detail")).contains("retry by anna");
        }
        Answer audit = http.get("/ops/v1/audit-log");
        assertThat(audit.body().path("acts")).hasSize(1);
        assertThat(audit.text("/acts/0/by")).isEqualTo("anna");
        assertThat(audit.text("/acts/0/act")).isEqualTo("retry");
        assertThat(audit.text("/acts/0/why")).isEqualTo("mended");
        assertThat(audit.text("/acts/0/messageId")).isEqualTo("m1");
        assertThat(audit.text("/acts/0/details/position")).isEqualTo(at(1).toString());
    }

    @Test
    void a_discard_says_whether_the_key_goes_on() {
        Answer done =
                http.post(
                        "/ops/v1/quarantine/" + id("m1") + "/discard",
                        "{\"by\":\"anna\",\"why\":\"a test event\"}");

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.text("/result")).isEqualTo("discarded");
        assertThat(done.body().path("keyGoesOn").asBoolean()).isTrue();
    }

    @Test
    void what_another_try_cannot_help_is_told_and_stays() {
        http.post("/ops/v1/quarantine/" + id("c1") + "/retry", ANNA)
                .isProblem(409, "not-retriable");

        nothingHasChanged();
    }

    @Test
    void keys_that_wait_are_listed_and_released() {
        Answer keys = http.get("/ops/v1/parked");
        assertThat(keys.text("/keys/0/key")).isEqualTo("a");
        assertThat(keys.body().at("/keys/0/awaitsPerson").asBoolean()).isTrue();
        assertThat(keys.text("/keys/0/quarantineId")).isEqualTo(Long.toString(id("m1")));
        assertThat(keys.text("/keys/0/head/messageId")).isEqualTo("m2");
        assertThat(keys.body().at("/keys/0/head").has("dueAt")).isFalse();
        assertThat(keys.text("/keys/1/key")).isEqualTo("p");
        assertThat(keys.text("/keys/1/head/dueAt")).isNotEmpty();
        Answer page = http.get("/ops/v1/parked?limit=1");
        assertThat(http.get("/ops/v1/parked?after=" + page.text("/next")).body().path("keys"))
                .hasSize(1);

        Answer done = http.post("/ops/v1/parked/release", release("counter", "p"));

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body())
                .isEqualTo(Answer.json("{\"key\":\"p\",\"events\":1,\"result\":\"due\"}"));
    }

    @Test
    void what_cannot_be_released_is_told() {
        assertThat(
                        http.post("/ops/v1/parked/release", release("counter", "a"))
                                .isProblem(409, "awaits-person")
                                .text("/detail"))
                .contains(Long.toString(id("m1")));
        http.post("/ops/v1/parked/release", release("counter", "c")).isProblem(404, "not-found");
        http.post("/ops/v1/parked/release", release("elsewhere", "a")).isProblem(404, "not-found");
        nothingHasChanged();
    }

    @Test
    void an_edit_is_made_once_of_each_edition() {
        String path = "/ops/v1/quarantine/" + id("m1") + "/payload";
        String edit =
                "{\"by\":\"anna\",\"why\":\"a"
                        + " typo\",\"edition\":0,\"event\":{\"key\":\"a\",\"by\":5}}";

        Answer done = http.put(path, edit);

        assertThat(done.status()).as(done.whole().body()).isEqualTo(200);
        assertThat(done.body())
                .isEqualTo(Answer.json("{\"id\":%d,\"edition\":1}".formatted(id("m1"))));
        assertThat(http.put(path, edit).isProblem(409, "edition-changed").text("/detail"))
                .contains("edition 1");
        Answer shown = http.get("/ops/v1/quarantine/" + id("m1"));
        assertThat(shown.text("/edition")).isEqualTo("1");
        assertThat(shown.body().path("payload").binaryValue())
                .asString()
                .isEqualTo(broken("a").toString());
        assertThat(shown.body().at("/edits/0/payload").binaryValue())
                .asString()
                .isEqualTo(add("a", 5).toString());
        assertThat(shown.text("/edits/0/by")).isEqualTo("anna");
        assertThat(shown.text("/edits/0/why")).isEqualTo("a typo");
    }

    @Test
    void a_wrong_edit_is_refused_with_all_that_is_wrong_and_changes_nothing() {
        String path = "/ops/v1/quarantine/" + id("m1") + "/payload";

        refused(http.put(path, "{}"), "/by", "/why", "/edition", "/event");
        refused(
                http.put(
                        path,
                        "{\"by\":\"anna\",\"why\":\"x\",\"edition\":-1,\"event\":{\"messageId\":\"m2\","
                            + "\"key\":\"a\",\"by\":\"5\",\"colour\":1}}"),
                "/edition",
                "/event/messageId",
                "/event/by",
                "/event/colour");
        refused(
                http.put(
                        path,
                        "{\"by\":\"anna\",\"why\":\"x\",\"edition\":0,\"event\":{\"key\":\"b\",\"by\":5}}"),
                "/event");
        http.put(
                        "/ops/v1/quarantine/" + id("c1") + "/payload",
                        "{\"by\":\"anna\",\"why\":\"x\",\"edition\":0,\"event\":{\"key\":\"c\",\"by\":5}}")
                .isProblem(409, "not-retriable");
        http.put("/ops/v1/quarantine/4711/payload", "{}").isProblem(404, "not-found");
        nothingHasChanged();
    }

    @Test
    void a_job_is_begun_looked_at_and_cancelled_once() {
        Answer begun =
                http.post(
                        "/ops/v1/redrives",
                        "{\"by\":\"anna\",\"filter\":{\"reason\":\"attempts-exhausted\"},\"rate\":7}");

        assertThat(begun.status()).isEqualTo(202);
        assertThat(begun.text("/state")).isEqualTo("running");
        assertThat(begun.text("/remaining")).isEqualTo("1");
        assertThat(begun.text("/rate")).isEqualTo("1");
        assertThat(begun.text("/maxRate")).isEqualTo("7");
        assertThat(begun.text("/by")).isEqualTo("anna");
        assertThat(begun.body().has("endedAt")).isFalse();
        String one = "/ops/v1/redrives/" + begun.text("/id");
        assertThat(http.get(one).body()).isEqualTo(begun.body());
        assertThat(http.get("/ops/v1/redrives").body().at("/redrives/0")).isEqualTo(begun.body());
        Answer cancelled = http.post(one + "/cancel", ANNA);
        assertThat(cancelled.text("/state")).isEqualTo("cancelled");
        assertThat(cancelled.text("/endedAt")).isNotEmpty();
        http.post(one + "/cancel", ANNA).isProblem(409, "already-ended");
    }

    @Test
    void a_wrong_job_is_refused_and_not_begun() {
        refused("/ops/v1/redrives", "{\"by\":\"anna\"}", "/filter");
        refused("/ops/v1/redrives", "{\"by\":\"anna\",\"filter\":\"all\"}", "/filter");
        refused("/ops/v1/redrives", "{\"filter\":{}}", "/by");
        refused(
                "/ops/v1/redrives",
                "{\"by\":\"anna\",\"rate\":1001,\"filter\":{\"key\":7,\"colour\":\"red\","
                        + "\"since\":\"today\"}}",
                "/rate",
                "/filter/key",
                "/filter/colour",
                "/filter/since");
        http.post("/ops/v1/redrives/4711/cancel", ANNA).isProblem(404, "not-found");
        http.get("/ops/v1/redrives/4711").isProblem(404, "not-found");
        assertThat(http.get("/ops/v1/redrives").body().path("redrives")).isEmpty();
        nothingHasChanged();
    }

    private static String release(String stream, String key) {
        return """
        {"stream":"%s","subscription":"counts","key":"%s","by":"anna"}
        """
                .formatted(stream, key);
    }

    @Test
    void a_wrong_body_is_refused_with_all_that_is_wrong_and_changes_nothing() {
        String retry = "/ops/v1/quarantine/" + id("m1") + "/retry";
        String discard = "/ops/v1/quarantine/" + id("m1") + "/discard";

        refused(retry, "{}", "/by");
        refused(retry, "{\"by\":\"  \"}", "/by");
        refused(retry, "{\"by\":7,\"why\":null,\"who\":\"x\"}", "/by", "/why", "/who");
        refused(retry, "{\"by\":\"anna\",\"by\":\"bert\"}", "/by");
        refused(retry, "{\"by\":{\"name\":\"anna\"}}", "/by");
        refused(retry, "{\"by\":\"anna\",\"filter\":{\"key\":\"a\"}}", "/filter");
        refused(retry, "{\"by\":\"" + "a".repeat(201) + "\"}", "/by");
        refused(retry, "{\"by\":\"anna\",\"why\":\"" + "w".repeat(1001) + "\"}", "/why");
        refused(retry, "{\"by\":\"an\\u0000na\"}", "/by");
        refused(retry + "?force=true", "{\"by\":\"anna\"}", "force");
        refused(discard, "{\"by\":\"anna\"}", "/why");
        refused(discard, "{\"by\":\"anna\",\"why\":\" \"}", "/why");
        refused("/ops/v1/quarantine/0x1/retry", "{\"by\":\"anna\"}", "id");
        refused(
                "/ops/v1/parked/release",
                "{\"by\":\"anna\",\"stream\":\"No\",\"key\":\"a b\"}",
                "/stream",
                "/subscription",
                "/key");
        for (String body : List.of("", "[]", "[{\"by\":\"anna\"}]", "7", "{\"by\":", "{}{}")) {
            http.post(retry, body).isProblem(400, "invalid-body");
        }
        http.post(retry, "{\"by\":\"" + "a".repeat(3 << 20) + "\"}")
                .isProblem(413, "body-too-large");
        http.send(
                        http.request(retry)
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString(ANNA)))
                .isProblem(415, "unsupported-media-type");
        http.send(http.request(retry).POST(HttpRequest.BodyPublishers.ofString(ANNA)))
                .isProblem(415, "unsupported-media-type");
        http.get(retry).isProblem(405, "method-not-allowed");
        http.post("/ops/v1/quarantine/4711/retry", ANNA).isProblem(404, "not-found");
        http.post("/ops/v1/quarantine/4711/nothing", ANNA).isProblem(404, "unknown-route");
        nothingHasChanged();
    }

    @Test
    void wrong_parameters_are_refused_all_at_once() {
        refused(
                http.get("/ops/v1/quarantine?limit=0&after=x&since=today&sort=id&key=%00"),
                "key",
                "since",
                "after",
                "limit",
                "sort");
        refused(http.get("/ops/v1/quarantine/causes?after=1"), "after");
        refused(http.get("/ops/v1/parked?after=a&limit=1001"), "after", "limit");
        refused(http.get("/ops/v1/audit-log?by=anna"), "by");
        http.get("/ops/v1/quarantine/4711").isProblem(404, "not-found");
        refused(http.get("/ops/v1/quarantine/-1"), "id");
    }

    @Test
    void without_the_database_each_call_says_so_and_when_to_try_again() {
        long id = id("m1");
        database.makeUnavailable();

        for (Answer answer :
                List.of(
                        http.get("/ops/v1/quarantine"),
                        http.get("/ops/v1/quarantine/causes"),
                        http.get("/ops/v1/quarantine/" + id),
                        http.post("/ops/v1/quarantine/" + id + "/retry", ANNA),
                        http.get("/ops/v1/parked"),
                        http.post("/ops/v1/parked/release", release("counter", "p")),
                        http.get("/ops/v1/audit-log"))) {
            assertThat(answer.isProblem(503, "unavailable").header("Retry-After")).isEqualTo("1");
        }
        database.makeAvailable();
        nothingHasChanged();
    }

    private void nothingHasChanged() {
        assertThat(http.get("/ops/v1/quarantine").body().path("events")).hasSize(2);
        assertThat(http.get("/ops/v1/audit-log").body().path("acts")).isEmpty();
        assertThat(http.get("/ops/v1/parked").body().at("/keys/0/awaitsPerson").asBoolean())
                .isTrue();
    }

    private void refused(String path, String body, String... fields) {
        refused(http.post(path, body), fields);
    }

    private static void refused(Answer answer, String... fields) {
        Answer problem = answer.isProblem(400, "invalid-request");
        assertThat(
                        StreamSupport.stream(problem.body().path("errors").spliterator(), false)
                                .map(error -> error.path("field").asString()))
                .as(problem.whole().body())
                .containsExactlyInAnyOrder(fields);
    }

    private long id(String messageId) {
        return operations.list(QuarantineFilter.ANY, 0, 10).stream()
                .filter(event -> event.messageId().equals(messageId))
                .map(QuarantinedEvent::id)
                .findFirst()
                .orElseThrow();
    }

    private JsonNode one(String messageId) {
        return http.get("/ops/v1/quarantine?messageId=" + messageId).body().at("/events/0");
    }
}
