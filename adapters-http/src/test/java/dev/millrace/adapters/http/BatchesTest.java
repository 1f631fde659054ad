package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.entry;
import static dev.millrace.adapters.http.Entries.with;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.body.GunzipTest;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** Bodies of many events: taken in as they are read, up to where reading has to stop. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BatchesTest {

    private static final String NDJSON = "application/x-ndjson";

    @AutoClose private final RunningGate gate = RunningGate.start();
    private int alreadyStored;

    @BeforeEach
    void note() {
        alreadyStored = gate.topic.stored().size();
    }

    private int stored() {
        return gate.topic.stored().size() - alreadyStored;
    }

    private static void assertStop(
            Answer answer, int index, int status, String type, String... where) {
        String last = "/items/" + index;
        assertThat(answer.itemStatuses()).as(answer.whole().body()).hasSize(index + 1);
        assertThat(answer.body().at(last + "/index").asInt()).isEqualTo(index);
        assertThat(answer.body().at(last + "/status").asInt()).isEqualTo(status);
        assertThat(answer.text(last + "/problem/type")).isEqualTo("urn:millrace:problem:" + type);
        assertThat(answer.text(last + "/problem/detail"))
                .startsWith("Reading stopped at item " + index + ", line ")
                .contains(where);
    }

    private static String lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> entry("b" + i, "a" + i % 7))
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 255, 256, 257, 700})
    void what_stands_before_a_broken_place_is_taken_whatever_the_size(int count) {
        String array = "[" + lines(count).replace('\n', ',');

        Answer answer = gate.json(array + "," + entry("more", "1") + " oops]");

        assertThat(answer.status()).isEqualTo(207);
        assertStop(answer, count + 1, 400, "invalid-body", "comma");
        assertThat(answer.itemStatuses().subList(0, count + 1)).containsOnly(202);
        assertThat(stored()).isEqualTo(count + 1);
    }

    @Test
    void an_element_or_line_that_is_broken_by_itself_stops_nothing() throws IOException {
        String broken = "{\"accountId\":tru}";
        String latin1 = with("description", "\"é\"");
        String tooDeep = "[".repeat(40) + "]".repeat(40);
        String items = String.join("\n", entry("a", "1"), broken, latin1, tooDeep, entry("b", "2"));
        byte[] lines = items.getBytes(StandardCharsets.ISO_8859_1);
        byte[] array = ("[" + items.replace('\n', ',') + "]").getBytes(StandardCharsets.ISO_8859_1);

        for (Answer answer :
                new Answer[] {
                    gate.post(RunningGate.LEDGER, NDJSON, lines),
                    gate.post(RunningGate.LEDGER, "application/json", array)
                }) {
            assertThat(answer.status()).isEqualTo(207);
            assertThat(answer.itemStatuses()).containsExactly(202, 400, 400, 400, 202);
            assertThat(answer.text("/items/1/problem/type"))
                    .isEqualTo("urn:millrace:problem:invalid-body");
            assertThat(answer.text("/items/2/problem/detail")).contains("UTF-8");
        }
        assertThat(gate.post(RunningGate.LEDGER, NDJSON, lines).text("/items/1/problem/detail"))
                .contains("line 2, column ");
    }

    @Test
    void at_the_item_limit_with_nothing_accepted_it_is_413() {
        Answer answer = gate.ndjson("{}\n".repeat(10_001)).isProblem(413, "nothing-accepted");

        assertStop(answer, 10_000, 413, "too-many-events", "line 10001");
        assertThat(answer.itemStatuses().subList(0, 10_000)).containsOnly(400);
    }

    @Test
    void at_the_byte_limit_reading_stops_with_207_and_says_where() {
        String large = entry("large", "1") + " ".repeat((1 << 20) - 400);
        int fitting = (16 << 20) / (large.length() + 1);

        Answer answer = gate.ndjson((large + "\n").repeat(fitting + 3));

        assertThat(answer.status()).isEqualTo(207);
        assertStop(answer, fitting, 413, "body-too-large", "16777216 bytes");
        assertThat(stored()).isEqualTo(fitting);
        gate.ndjson("{}\n" + " ".repeat(16 << 20)).isProblem(413, "nothing-accepted");
        gate.ndjson(" ".repeat((16 << 20) + 1)).isProblem(413, "body-too-large");
    }

    @Test
    void a_body_that_stops_coming_is_taken_as_far_as_it_came() throws IOException {
        GateLimits usual = GateLimits.DEFAULT;
        GateLimits impatient =
                new GateLimits(
                        usual.maxBodyBytes(),
                        usual.maxItems(),
                        usual.maxEventBytes(),
                        usual.maxHeaderBytes(),
                        usual.maxConnections(),
                        usual.maxConcurrentRequests(),
                        usual.maxBufferedBytes(),
                        Duration.ofMillis(300),
                        usual.idleTimeout(),
                        usual.stopTimeout(),
                        usual.retryAfter());
        try (RunningGate other = RunningGate.start(impatient);
                RawConnection connection = new RawConnection(other.port())) {
            connection.write(
                    "POST "
                            + RunningGate.LEDGER
                            + " HTTP/1.1\r\nHost: gate\r\nContent-Type: "
                            + NDJSON
                            + "\r\nContent-Length: 9000\r\n\r\n"
                            + entry("came", "1")
                            + "\n{\"accountId\"");

            assertThat(connection.read())
                    .startsWith("HTTP/1.1 207 ")
                    .contains("\"index\":1,\"status\":408", "body-too-slow", "item 1, line 2");
            assertThat(other.storedIds()).containsExactly("came");
        }
    }

    @Test
    void when_the_bytes_under_way_run_out_it_stops_with_429_and_a_time_to_retry() {
        GateLimits usual = GateLimits.DEFAULT;
        GateLimits narrow =
                new GateLimits(
                        100_000,
                        usual.maxItems(),
                        50_000,
                        usual.maxHeaderBytes(),
                        usual.maxConnections(),
                        usual.maxConcurrentRequests(),
                        100_000,
                        usual.bodyDeadline(),
                        usual.idleTimeout(),
                        usual.stopTimeout(),
                        usual.retryAfter());
        try (RunningGate other = RunningGate.start(narrow)) {
            String large = entry("l", "1").replace("{", "{" + " ".repeat(20_000)) + "\n";

            Answer answer = other.ndjson(large.repeat(4));

            assertThat(answer.status()).isEqualTo(207);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertStop(answer, 2, 429, "too-busy", "as many bytes");
            assertThat(other.ndjson(large).status()).isEqualTo(202);
        }
    }

    @Test
    void gzip_is_read_as_what_is_in_it() {
        byte[] lines = GunzipTest.gzip(lines(1_000).getBytes(StandardCharsets.UTF_8));
        for (String encoding : new String[] {"gzip", "GZIP", "x-gzip"}) {
            Answer answer =
                    gate.post(RunningGate.LEDGER, NDJSON, lines, "Content-Encoding", encoding);
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.itemStatuses()).hasSize(1_000).containsOnly(202);
        }
        byte[] one = GunzipTest.gzip(entry("zipped", "1").getBytes(StandardCharsets.UTF_8));
        Answer answer =
                gate.post(RunningGate.LEDGER, "application/json", one, "Content-Encoding", "gzip");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/messageId")).isEqualTo("zipped");
    }

    @Test
    void gzip_that_is_damaged_is_taken_as_far_as_it_could_be_read() {
        byte[] whole = GunzipTest.gzip(lines(1_000).getBytes(StandardCharsets.UTF_8));

        Answer answer =
                gate.post(
                        RunningGate.LEDGER,
                        NDJSON,
                        Arrays.copyOf(whole, whole.length / 2),
                        "Content-Encoding",
                        "gzip");

        assertThat(answer.status()).isEqualTo(207);
        int taken = stored();
        assertThat(taken).isBetween(100, 900);
        assertStop(answer, taken, 400, "invalid-body", "gzip");
        gate.ndjson(lines(3), "Content-Encoding", "gzip").isProblem(400, "invalid-body");
        gate.ndjson("", "Content-Encoding", "gzip").isProblem(400, "invalid-body");
    }

    @Test
    void a_gzip_bomb_costs_neither_memory_nor_time() throws IOException {
        byte[] bomb = bomb(1 << 30);
        long start = System.nanoTime();
        Answer lines = gate.post(RunningGate.LEDGER, NDJSON, bomb, "Content-Encoding", "gzip");
        Answer document =
                gate.post(RunningGate.LEDGER, "application/json", bomb, "Content-Encoding", "gzip");
        Duration taken = Duration.ofNanos(System.nanoTime() - start);

        System.out.println("gzip bomb of 1 GiB in " + bomb.length + " bytes: " + taken);
        lines.isProblem(413, "body-too-large");
        document.isProblem(413, "body-too-large");
        assertThat(taken).isLessThan(Duration.ofSeconds(5));
    }

    private static byte[] bomb(int blanks) throws IOException {
        byte[] piece = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream output = new GZIPOutputStream(file)) {
            for (int left = blanks; left > 0; left -= piece.length) {
                output.write(piece);
            }
        }
        return file.toByteArray();
    }

    @Test
    void a_gate_can_be_spoken_to_in_process() throws Exception {
        String body = entry("local", "1");
        String answer =
                new LocalGate(gate.server())
                        .answer(
                                "POST "
                                        + RunningGate.LEDGER
                                        + " HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n"
                                        + "Content-Type: application/json\r\nContent-Length: "
                                        + body.length()
                                        + "\r\n\r\n"
                                        + body);

        assertThat(answer).startsWith("HTTP/1.1 202 ").contains("\"messageId\":\"local\"");
    }
}
