package dev.millrace.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.adapters.http.ledger.LedgerEventReader;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.ledger.LedgerStream;

import io.opentelemetry.api.trace.TracerProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;

/** What can be read, and what is answered for a role that is not there. */
final class ReadsTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final SampleReads reads = new SampleReads();
    private final GateServer server = start(List.of(), reads.routes());

    private static GateServer start(List<StreamGate<?>> streams, List<ReadRoute> reads) {
        return GateServer.start(
                new GateSettings("127.0.0.1", 0, GateLimits.DEFAULT, CallerRate.UNLIMITED),
                streams,
                reads,
                TracerProvider.noop().get(""));
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private Answer get(String path) {
        return get(server, path);
    }

    private Answer get(GateServer from, String path) {
        return RunningGate.send(
                client,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + from.port() + path)));
    }

    @Test
    void the_outcomes_of_an_event_are_told_for_each_subscription() {
        Answer answer = get("/v1/streams/ledger-entries/messages/known");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.body())
                .isEqualTo(
                        Answer.json(
                                """
                                {"messageId":"known","outcomes":[
                                 {"subscription":"ledger","state":"applied","position":"3:4:1:2","copies":2},
                                 {"subscription":"audit","state":"rejected","position":"3:4:1:2","reason":"overdraft","copies":1}]}
                                """));
    }

    @Test
    void an_event_without_outcome_is_404_and_so_is_another_stream() {
        get("/v1/streams/ledger-entries/messages/unheard-of").isProblem(404, "not-found");
        Answer other = get("/v1/streams/other/messages/known").isProblem(404, "unknown-stream");
        assertThat(other.text("/detail")).contains("ledger-entries");
    }

    @Test
    void an_account_is_told_as_it_stands() {
        assertThat(get("/v1/accounts/576").body())
                .isEqualTo(
                        Answer.json(
                                """
                                {"accountId":"576","balanceMinor":-120,"currency":"CZK","entries":5,"version":7}
                                """));
        get("/v1/accounts/577").isProblem(404, "not-found");
    }

    @Test
    void entries_come_in_pages_and_the_last_one_has_no_next() {
        Answer first = get("/v1/accounts/576/entries?limit=1");
        assertThat(first.body())
                .isEqualTo(
                        Answer.json(
                                """
                                {"entries":[{"sequence":1,"messageId":"m1","type":"credit","amountMinor":100,"currency":"CZK",
                                 "balanceAfterMinor":100,"occurredAt":"1993-01-01T00:00:00Z","appliedAt":"2026-01-31T12:00:00.123456Z",
                                 "description":"first \\"one\\""}],"next":1}
                                """));

        Answer last = get("/v1/accounts/576/entries?after=1&limit=4");
        assertThat(last.body().path("entries")).hasSize(4);
        assertThat(last.body().at("/entries/3/sequence").asLong()).isEqualTo(5);
        assertThat(last.body().has("next")).isFalse();
        assertThat(last.body().at("/entries/0").has("description")).isFalse();

        assertThat(get("/v1/accounts/576/entries").body().path("entries")).hasSize(5);
        assertThat(get("/v1/accounts/577/entries").body())
                .isEqualTo(Answer.json("{\"entries\":[]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=",
                "limit",
                "limit=1.0",
                "limit=+1",
                "limit=01",
                "limit=ten",
                "limit=99999999999999999999",
                "after=-1",
                "after=x",
                "limit=1&limit=2",
                "colour=red",
                "limit=%zz",
                "=1"
            })
    void a_bad_parameter_is_400_and_named(String query) {
        String encoded = query.replace("%zz", "%25zz");
        Answer answer =
                get("/v1/accounts/576/entries?" + encoded).isProblem(400, "invalid-request");

        assertThat(answer.errorFields()).containsExactly(query.replaceAll("=.*", ""));
    }

    @Test
    void all_bad_parameters_are_named_at_once() {
        Answer answer = get("/v1/accounts/a%20b/entries?limit=0&after=x&colour=red");

        assertThat(answer.isProblem(400, "invalid-request").errorFields())
                .containsExactly("accountId", "after", "limit", "colour");
        assertThat(
                        get("/v1/accounts/576?colour=red")
                                .isProblem(400, "invalid-request")
                                .errorFields())
                .containsExactly("colour");
    }

    @Test
    void an_outage_is_503_with_a_time_to_retry() {
        reads.isDatabaseAway = true;

        assertThat(get("/v1/accounts/576").isProblem(503, "unavailable").header("Retry-After"))
                .isEqualTo("1");
    }

    @Test
    void a_head_is_answered_as_its_get_without_the_body() {
        HttpRequest.Builder head =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + server.port() + "/v1/accounts/577"))
                        .HEAD();

        assertThat(RunningGate.send(client, head).status()).isEqualTo(404);
    }

    @Test
    void a_bug_is_500_without_a_word_about_it() {
        List<ReadRoute> broken =
                List.of(
                        new ReadRoute(
                                "/v1/accounts/{accountId}",
                                request -> {
                                    throw new IllegalStateException("the secret of the bug");
                                }));
        try (GateServer other = start(List.of(), broken)) {
            Answer answer = get(other, "/v1/accounts/1").isProblem(500, "internal-error");
            assertThat(answer.whole().body()).doesNotContain("secret");
        }
    }

    @Test
    void without_the_role_gate_an_event_is_404_that_says_so() {
        HttpRequest.Builder post =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + server.port()
                                                + "/v1/streams/ledger-entries/events"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"));

        Answer answer = RunningGate.send(client, post).isProblem(404, "role-absent");
        assertThat(answer.text("/detail")).contains("role gate");
        get("/v1/other").isProblem(404, "unknown-route");
    }

    @Test
    void without_the_role_reads_a_read_is_404_that_says_so() {
        StreamGate<LedgerEvent> gate =
                new StreamGate<>(
                        LedgerStream.NAME,
                        new LedgerEventReader(),
                        (submissions, receipts) -> {
                            throw new AssertionError("a read took events in");
                        });
        try (GateServer other = start(List.of(gate), List.of())) {
            for (String path :
                    List.of(
                            "/v1/accounts/576",
                            "/v1/accounts/576/entries",
                            "/v1/streams/ledger-entries/messages/a")) {
                assertThat(get(other, path).isProblem(404, "role-absent").text("/detail"))
                        .contains("role reads");
            }
            get(other, "/other").isProblem(404, "unknown-route");
            get(other, "/v1/streams/ledger-entries/events").isProblem(405, "method-not-allowed");
        }
    }
}
