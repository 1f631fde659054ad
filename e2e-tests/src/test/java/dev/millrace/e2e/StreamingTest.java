package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.Contract;
import dev.millrace.adapters.http.Exchange;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Many requests at once, each beyond a limit, to a service with a small heap: each is taken in up
 * to its limit, and memory stays flat.
 */
@Isolated("sixty-four requests at once, each with a deadline")
class StreamingTest {

    private static final int REQUESTS = 64;
    private static final int MAX_ITEMS = 10_000;

    /** The heap has 256 MiB; the rest is the runtime, its code, and the broker client's buffers. */
    private static final long MOST_RESIDENT_KIB = 640 << 10;

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private static Path folder;
    private static ServiceProcess service;

    /** What a request sends, and what must come of it. */
    private record Batch(
            String type, String encoding, HttpRequest.BodyPublisher body, int accepted, int read) {}

    /** An answer, held against the contract once everything is measured. */
    private record Kept(HttpResponse<?> response, Path body) {

        void judge() throws IOException {
            Contract.ofTheGate().judge(Exchange.of(response, Files.readString(body)));
        }
    }

    @BeforeAll
    static void start() {
        Site site = Site.on(Stacks.shared(), StreamingTest.class);
        service = ServiceProcess.ready(site, folder, Map.of("MILLRACE_ROLES", "gate"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void requests_beyond_the_limits_are_taken_up_to_them_in_flat_memory() throws Exception {
        sendAllAtOnce(20);
    }

    /** The same with nothing but events. */
    @Seeded
    void requests_full_of_events_are_taken_up_to_the_limits_in_flat_memory() throws Exception {
        sendAllAtOnce(1);
    }

    private static void sendAllAtOnce(int oneIn) throws Exception {
        List<Batch> batches = batches(oneIn);
        double before = accepted();
        long start = System.nanoTime();
        int expected = 0;
        List<Kept> kept = new ArrayList<>();
        Semaphore readers = new Semaphore(4);
        try (HttpClient client =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Kept>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Batch batch = batches.get(i % batches.size());
                expected += batch.accepted();
                Path file = folder.resolve("answer-" + i);
                answers.add(callers.submit(() -> check(batch, client, readers, file)));
            }
            for (Future<Kept> answer : answers) {
                kept.add(answer.get());
            }
        }
        long resident = mostResidentKib();
        System.out.printf(
                "%d requests at once, %d events accepted, in %d ms; most resident memory %d MiB%n",
                REQUESTS,
                expected,
                Duration.ofNanos(System.nanoTime() - start).toMillis(),
                resident >> 10);

        assertThat(accepted() - before).isEqualTo(expected);
        assertThat(resident).isLessThan(MOST_RESIDENT_KIB);
        assertThat(service.log()).doesNotContain("OutOfMemoryError");
        for (Kept answer : kept) {
            answer.judge();
        }
    }

    /** NDJSON, an array, and both packed; the last is beyond the bytes and not the items. */
    private static List<Batch> batches(int oneIn) {
        List<String> items =
                IntStream.range(0, MAX_ITEMS + 50).mapToObj(i -> item(i, oneIn)).toList();
        int accepted =
                (int)
                        items.stream()
                                .limit(MAX_ITEMS)
                                .filter(item -> item.contains("credit"))
                                .count();
        byte[] lines = utf8(items.stream());
        byte[] array = ("[" + String.join(",", items) + "]").getBytes(StandardCharsets.UTF_8);
        int few = 1_000;
        int ofFew = (int) items.stream().limit(few).filter(item -> item.contains("credit")).count();
        byte[] blanks =
                utf8(Stream.concat(items.stream().limit(few), Stream.of(" ".repeat(16 << 20))));
        return List.of(
                new Batch("application/x-ndjson", "identity", body(lines), accepted, MAX_ITEMS),
                new Batch("application/json", "identity", body(array), accepted, MAX_ITEMS),
                new Batch("application/x-ndjson", "gzip", body(gzip(lines)), accepted, MAX_ITEMS),
                new Batch("application/x-ndjson", "gzip", body(gzip(blanks)), ofFew, few));
    }

    private static HttpRequest.BodyPublisher body(byte[] bytes) {
        return HttpRequest.BodyPublishers.ofByteArray(bytes);
    }

    private static byte[] utf8(Stream<String> lines) {
        return lines.collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
    }

    private static String item(int index, int oneIn) {
        return index % oneIn == 0
                ? "{\"messageId\":\"stream-"
                        + index
                        + "\",\"accountId\":\"a"
                        + index % 97
                        + "\",\"type\":\"credit\",\"amountMinor\":1,\"currency\":\"CZK\","
                        + "\"occurredAt\":\"1993-01-01T00:00:00Z\"}"
                : "{\"messageId\":\"stream-" + index + "\"}";
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream output = new GZIPOutputStream(file)) {
            output.write(content);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return file.toByteArray();
    }

    /** Few answers are read at a time, so the service has to hold the others. */
    private static Kept check(Batch batch, HttpClient client, Semaphore readers, Path file)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(service.gate().resolve("/v1/streams/ledger-entries/events"))
                        .timeout(Duration.ofMinutes(2))
                        .header("Content-Type", batch.type())
                        .header("Content-Encoding", batch.encoding())
                        .POST(batch.body())
                        .build();
        HttpResponse<InputStream> response =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        readers.acquire();
        try (InputStream body = response.body()) {
            byte[] answer = body.readAllBytes();
            JsonNode items = JSON.readTree(answer).path("items");
            assertThat(response.statusCode()).as("%s", items.path(0)).isEqualTo(207);
            assertThat(items.size()).isEqualTo(batch.read() + 1);
            JsonNode last = items.path(batch.read());
            assertThat(last.path("index").asInt()).isEqualTo(batch.read());
            assertThat(last.path("status").asInt()).isEqualTo(413);
            assertThat(last.at("/problem/detail").asString(""))
                    .startsWith("Reading stopped at item " + batch.read());
            assertThat(items.valueStream().filter(item -> item.path("status").asInt() == 202))
                    .hasSize(batch.accepted());
            assertThat(items.valueStream().map(item -> item.path("status").asInt()))
                    .allMatch(status -> status < 500);
            return new Kept(response, Files.write(file, answer));
        } finally {
            readers.release();
        }
    }

    private static double accepted() {
        return Http.get(service.management().resolve("/metrics"))
                .body()
                .lines()
                .filter(line ->
                        line.startsWith("millrace_gate_events") && line.contains("\"accepted\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static long mostResidentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + service.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
