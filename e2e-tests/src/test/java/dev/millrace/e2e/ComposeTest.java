package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The containers as people start them: one command, two instances on one {@code Key_Shared}
 * subscription, and what is done to them in operation. Run by {@code docker/check}.
 *
 * <p>All tests work on the same books: each sends what comes next of one history, and holds all
 * that was sent so far against the oracle.
 */
@Tag("containers")
@Isolated("it runs two services, a broker and a database in containers")
class ComposeTest {

    private static final long SEED = 19_700_104;
    private static final int CALLERS = 4;
    private static final int SOME = 1_000;
    private static final Iterator<Report> REPORTS = History.endless(SEED, 10, 50).iterator();
    private static final List<Report> SENT = new ArrayList<>();
    private static final List<String> INSTANCES = List.of("millrace-1", "millrace-2");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final ComposeProject PROJECT = new ComposeProject();
    private static final String OUTCOMES =
            "select count(*) from inbox_record where message_id like 'm-" + SEED + "-%'";
    private static final AtomicInteger NEXT_GATE = new AtomicInteger();

    @BeforeAll
    static void one_command_brings_up_all_of_it() {
        long began = System.nanoTime();
        PROJECT.run("up", "-d", "--no-build");
        for (String service :
                List.of("pulsar", "postgres", "millrace-1", "millrace-2", "prometheus")) {
            await(service).atMost(PATIENCE).until(() -> PROJECT.isHealthy(service));
        }
        System.out.printf(
                "compose up to healthy in %.0f s, image of %d MiB%n",
                (System.nanoTime() - began) / 1e9,
                Long.parseLong(
                                CommandLine.run(
                                        "docker",
                                        "image",
                                        "inspect",
                                        "--format",
                                        "{{.Size}}",
                                        PROJECT.inspect("millrace-1", "{{.Image}}")))
                        >> 20);
    }

    @AfterAll
    static void down_leaves_nothing() {
        PROJECT.run("down", "--volumes", "--timeout", "20");
        for (String kind : List.of("container", "volume", "network")) {
            assertThat(PROJECT.remains(kind)).as(kind).isEmpty();
        }
    }

    @Test
    void a_service_has_no_more_rights_than_it_needs() throws IOException {
        for (String instance : INSTANCES) {
            assertThat(PROJECT.inspect(instance, "{{.HostConfig.ReadonlyRootfs}}"))
                    .isEqualTo("true");
            assertThat(PROJECT.inspect(instance, "{{.Config.User}}")).isEqualTo("10001:10001");
            assertThat(PROJECT.inspect(instance, "{{.HostConfig.CapDrop}}")).isEqualTo("[ALL]");
            assertThat(PROJECT.inspect(instance, "{{.HostConfig.CapAdd}}"))
                    .isIn("[]", "<no value>");
            assertThat(PROJECT.inspect(instance, "{{.HostConfig.Memory}}")).isEqualTo("536870912");
            assertThat(PROJECT.inspect(instance, "{{.HostConfig.PortBindings}}"))
                    .contains("127.0.0.1")
                    .doesNotContain("0.0.0.0");
            // And what the kernel says of the running process.
            Path process = Path.of("/proc", Long.toString(PROJECT.pid(instance)));
            Map<String, String> status = status(process);
            assertThat(status.get("Uid")).isEqualTo("10001\t10001\t10001\t10001");
            assertThat(status.get("CapEff")).isEqualTo("0000000000000000");
            assertThat(status.get("CapBnd")).isEqualTo("0000000000000000");
            assertThat(status.get("NoNewPrivs")).isEqualTo("1");
            assertThat(Files.readAllLines(process.resolve("mountinfo")))
                    .as("the root is mounted for reading only")
                    .anyMatch(line -> line.matches("\\S+ \\S+ \\S+ \\S+ / ro,.*"));
        }
        String environment = PROJECT.inspect("millrace-1", "{{.Config.Env}}");
        assertThat(environment + PROJECT.inspect("postgres", "{{.Config.Env}}"))
                .doesNotContain(PROJECT.site().endpoints().postgresPassword());
    }

    @Test
    void a_killed_instance_and_a_restarted_database_cost_nothing() {
        awaitHealth();
        OrderedSender sender = new OrderedSender(ComposeTest::anyGate, CALLERS);
        try (Traffic traffic = traffic(sender)) {
            awaitMoreApplied();
            String victim = PROJECT.container("millrace-1");
            CommandLine.run("kill", "-9", Long.toString(PROJECT.pid("millrace-1")));
            awaitMoreApplied();
            PROJECT.run("restart", "postgres");
            awaitMoreApplied();
            awaitHealth();
            assertThat(PROJECT.container("millrace-1")).isEqualTo(victim);
            assertThat(PROJECT.inspect("millrace-1", "{{.RestartCount}}")).isNotEqualTo("0");
            awaitMoreApplied();
            SENT.addAll(traffic.stop());
        }
        assertThat(sender.missingRetryAfter()).isEmpty();
        assertBooks("kill -9 and a restart of PostgreSQL", sender);
    }

    @Test
    void instances_are_replaced_one_by_one_and_no_copy_comes_again() {
        awaitHealth();
        OrderedSender sender = new OrderedSender(ComposeTest::readyGate, CALLERS);
        double redelivered = -redelivered(1) - redelivered(2);
        try (Traffic traffic = traffic(sender);
                RegularCallers regulars =
                        new RegularCallers(ComposeTest::readyGate, "regular").start(CALLERS)) {
            for (int instance = 1; instance <= 2; instance++) {
                String service = "millrace-" + instance;
                String old = PROJECT.container(service);
                awaitMoreApplied();
                // What it counted goes with it, so it is asked before.
                redelivered += redelivered(instance);
                PROJECT.run("up", "-d", "--no-build", "--no-deps", "--force-recreate", service);
                awaitHealth();
                assertThat(PROJECT.container(service)).isNotEqualTo(old);
            }
            awaitMoreApplied();
            SENT.addAll(traffic.stop());
            regulars.stop();
            System.out.printf(
                    "regular callers: events by status %s, %d connections ended by an answer%n",
                    regulars.statuses().counts(), regulars.farewells());
            assertThat(regulars.losses()).isEmpty();
            assertThat(regulars.statuses().counts()).containsOnlyKeys(202);
            assertThat(regulars.farewells()).isGreaterThanOrEqualTo(CALLERS);
        }
        assertBooks("both instances replaced", sender);
        redelivered += redelivered(1) + redelivered(2);
        assertThat(redelivered).as("copies that were committed and came again").isZero();
        assertThat(sender.missingRetryAfter()).isEmpty();
        assertThat(sender.statuses().keySet())
                .as("no request without an answer")
                .isSubsetOf(202, 207, 429, 503);
    }

    @Test
    void memory_stays_within_512_mebibytes_under_load() {
        awaitHealth();
        String restarts = PROJECT.inspect("millrace-1", "{{.RestartCount}}");
        OrderedSender sender = new OrderedSender(ComposeTest::anyGate, 4 * CALLERS);
        List<Report> many = Stream.generate(REPORTS::next).limit(12L * SOME).toList();
        long began = System.nanoTime();
        sender.send(many);
        System.out.printf("%.0f events/s%n", many.size() / ((System.nanoTime() - began) / 1e9));
        SENT.addAll(many);
        assertBooks("sixteen callers without a pause", sender);
        for (String instance : INSTANCES) {
            long peak = residentAtMost(PROJECT.pid(instance));
            System.out.printf("%s: at most %d MiB resident%n", instance, peak);
            assertThat(PROJECT.inspect(instance, "{{.State.OOMKilled}}")).isEqualTo("false");
            assertThat(peak).isLessThan(512);
        }
        assertThat(PROJECT.inspect("millrace-1", "{{.RestartCount}}")).isEqualTo(restarts);
    }

    @Test
    void what_cannot_be_applied_is_told_by_the_dead_letter_topic() {
        awaitHealth();
        for (long amount : new long[] {5, 6}) {
            Report report =
                    new Report("twice", "conflict", "credit", amount, "CZK", Instant.EPOCH, "dead");
            await().until(() -> Prober.post(anyGate(), report).status() == 202);
        }
        Database database = database();
        database.awaitCount("select count(*) from quarantine where message_id = 'twice'", 1);
        database.awaitCount("select count(*) from outbox", 0);
        long id = database.count("select id from quarantine where message_id = 'twice'");
        String letter =
                PROJECT.execute(
                        "pulsar",
                        "curl",
                        "-fsSi",
                        "http://127.0.0.1:8080/admin/v2/persistent/millrace/events/ledger-entries-ledger-DLQ"
                            + "/subscription/inspect/position/1");
        assertThat(letter)
                .contains("\"millrace-quarantine-id\":\"" + id + "\"")
                .contains("\"millrace-reason\":\"conflict\"");
        assertThat(
                        PROJECT.execute(
                                "millrace-1", "/opt/millrace/bin/millrace", "quarantine", "list"))
                .contains("twice");
    }

    @Test
    void prometheus_sees_both_instances_and_evaluates_the_rules() {
        await().untilAsserted(() -> {
            JsonNode answer =
                    Http.get(PROJECT.prometheus().resolve("api/v1/query?query=up")).json();
            assertThat(answer.get("data").get("result").valueStream())
                    .hasSize(2)
                    .allMatch(up -> up.get("value").get(1).asString().equals("1"));
        });
        await().untilAsserted(() -> {
            String rules = Http.get(PROJECT.prometheus().resolve("api/v1/rules")).body();
            assertThat(rules)
                    .contains("MillraceSilent", "\"health\":\"ok\"")
                    .doesNotContain("\"health\":\"unknown\"", "\"health\":\"err\"");
        });
    }

    private static Traffic traffic(OrderedSender sender) {
        return Traffic.start(Stream.generate(REPORTS::next), sender);
    }

    private static void awaitHealth() {
        await().atMost(PATIENCE).until(() -> INSTANCES.stream().allMatch(PROJECT::isHealthy));
    }

    private static void awaitMoreApplied() {
        Database database = database();
        database.awaitCount(OUTCOMES, database.count(OUTCOMES), SOME);
    }

    private static Database database() {
        return new Database(PROJECT.site());
    }

    /** Each account line by line, which is order and effect at once; and topic against tables. */
    private static void assertBooks(String after, OrderedSender sender) {
        Database database = database();
        database.awaitCount(OUTCOMES, SENT.size());
        Map<String, List<History.Line>> books = new TreeMap<>(database.books());
        books.keySet().removeIf(account -> !account.startsWith("acc-"));
        assertThat(books).isEqualTo(new History(SEED, SENT).books(0));
        JsonNode report = audit();
        System.out.printf(
                "seed %d, after %s: %d events in all, requests by status %s, audit %s%n",
                SEED, after, SENT.size(), sender.statuses(), report);
        assertThat(report.get("differences").asInt()).isZero();
    }

    private static JsonNode audit() {
        String lines =
                Http.get(
                                PROJECT.management(2)
                                        .resolve(
                                                "ops/v1/audit?stream=ledger-entries&subscription=ledger"))
                        .body();
        JsonNode last =
                JsonMapper.shared().readTree(lines.lines().reduce((a, b) -> b).orElseThrow());
        assertThat(last.has("report")).as(lines).isTrue();
        return last.get("report");
    }

    private static double redelivered(int instance) {
        return ServiceProcess.metric(
                PROJECT.management(instance),
                "millrace_processing_events_total",
                "outcome=\"redelivered\"");
    }

    /** As a caller does who knows both addresses: now this one, now that one. */
    private static URI anyGate() {
        return PROJECT.gate(1 + NEXT_GATE.getAndIncrement() % 2);
    }

    /** As a balancer does: one that has just said that it is ready, as soon as there is one. */
    private static URI readyGate() {
        int first = NEXT_GATE.getAndIncrement() % 2;
        return await().pollDelay(Duration.ZERO)
                .until(
                        () ->
                                IntStream.of(1 + first, 2 - first)
                                        .filter(ComposeTest::isReady)
                                        .mapToObj(PROJECT::gate)
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static boolean isReady(int instance) {
        return Http.get(PROJECT.management(instance).resolve("health/ready")).status() == 200;
    }

    /** In MiB, what is shared with other processes among it. */
    private static long residentAtMost(long pid) {
        String peak = status(Path.of("/proc", Long.toString(pid))).getOrDefault("VmHWM", "");
        return Long.parseLong(peak.replaceAll("\\D", "")) >> 10;
    }

    private static Map<String, String> status(Path process) {
        try {
            Map<String, String> status = new TreeMap<>();
            for (String line : Files.readAllLines(process.resolve("status"))) {
                String[] parts = line.split(":", 2);
                status.put(parts[0], parts[1].strip());
            }
            return status;
        } catch (IOException gone) {
            throw new IllegalStateException(gone);
        }
    }
}
