package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Situations made for real, one after the other in one service, and what it says holds it up: a
 * slow database, one hot key, a broker that has fallen silent. Each must be told within a minute,
 * and taken back.
 */
@Order(2) // It takes long: last, it would run alone.
class BottleneckTest {

    private static final int KEYS = 2_000;
    private static final int OF_HOT_KEY = 5_000;
    private static final String LIFE = "/ops/v1/streams/ledger-entries/messages/";
    private static final Duration SLOW = Duration.ofMillis(60);

    /** So that a batch of the hot key takes long enough for the next ones to wait. */
    private static final Duration BUSY = Duration.ofMillis(5);

    @TempDir private Path folder;

    @Test
    void what_holds_the_flow_up_is_told_in_every_situation_and_no_series_comes_with_events()
            throws IOException {
        Site site = Site.on(Stacks.shared(), BottleneckTest.class);
        try (TcpProxy broker = TcpProxy.to(port(site.endpoints().pulsarServiceUrl()));
                TcpProxy database = TcpProxy.to(port(site.databaseUrl().substring(5)));
                ServiceProcess service =
                        ServiceProcess.ready(site, folder, settings(site, broker, database))) {
            tells(service, "none");
            Prober callers = new Prober(service::gate, "calm");
            callers.start(2);
            tells(service, "caller");
            addsNoSeries(service, new Database(site));

            database.delay(SLOW);
            tells(service, "database");
            isSaidInAShell(service, "database");
            database.delay(Duration.ZERO);
            tells(service, "caller");
            callers.stop();

            database.delay(BUSY);
            new OrderedSender(service::gate, 2)
                    .send(IntStream.range(0, OF_HOT_KEY).mapToObj(BottleneckTest::hot).toList());
            tells(service, "hot-key");
            database.delay(Duration.ZERO);

            Prober more = new Prober(service::gate, "silent");
            broker.openBlackHole();
            more.start(2);
            tells(service, "broker");
            broker.closeBlackHole();
            tells(service, "caller");
            more.stop();
        }
    }

    /** In the status, in the metrics and in the information about the process. */
    private static void tells(ServiceProcess service, String kind) {
        long begin = System.nanoTime();
        await(kind)
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> status(service),
                        told ->
                                told.contains("\"bottleneck\":{\"kind\":\"" + kind + "\"")
                                        && service.metric(
                                                        "millrace_bottleneck",
                                                        "kind=\"" + kind + "\"")
                                                == 1
                                        && Http.get(service.management().resolve("/info"))
                                                .json()
                                                .at("/bottleneck/kind")
                                                .asString()
                                                .equals(kind));
        System.out.printf(
                "told after %.1f s: %s%n",
                (System.nanoTime() - begin) / 1e9,
                Http.get(service.management().resolve("/ops/v1/status"))
                        .json()
                        .at("/bottleneck/verdict")
                        .asString());
    }

    private static String status(ServiceProcess service) {
        return Http.get(service.management().resolve("/ops/v1/status")).body();
    }

    private void isSaidInAShell(ServiceProcess service, String kind) {
        Programs.Finished shown =
                Programs.run(
                        Programs.service(
                                Map.of(), "status", "--url", service.management().toString()),
                        folder);
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out()).contains(kind, "is ready", "ledger-entries/ledger");
    }

    /**
     * Thousands of new keys and message IDs are applied, one is looked up and all are audited, and
     * the scrape has the same series.
     */
    private static void addsNoSeries(ServiceProcess service, Database database) throws IOException {
        Set<String> before = Series.of(service.management());
        new OrderedSender(service::gate, 2)
                .send(
                        IntStream.range(0, KEYS)
                                .mapToObj(i -> report("planted-id-" + i, "planted-key-" + i))
                                .toList());
        database.awaitCount(
                "select count(*) from inbox_record where message_id like 'planted-id-%'", KEYS);
        assertThat(Http.get(service.management().resolve(LIFE + "planted-id-0/life")).status())
                .isEqualTo(200);
        assertThat(AuditLines.of(service).getLast().at("/report/balances").asBoolean()).isTrue();
        Set<String> more = Series.of(service.management());
        more.removeAll(before);
        assertThat(more).isEmpty();

        String page = Files.readString(Programs.checkout().resolve("docs/metrics.md"));
        assertThat(before).noneMatch(series -> series.contains("planted"));
        List<String> families = Series.families(service.management());
        assertThat(families).allMatch(family -> isOn(page, family));
        for (String library :
                List.of(
                        "jvm_",
                        "hikaricp_",
                        "jetty_",
                        "pulsar_client_producer_message_send_",
                        "pulsar_client_consumer_message_received_")) {
            assertThat(families).anyMatch(family -> family.startsWith(library));
        }
        assertThat(families)
                .as("too dear to count")
                .noneMatch(family -> family.matches("pulsar_client_.*_(pending|receive_queue)_.*"));
    }

    /** By its name, where it is ours, or else by the prefix of its library. */
    private static boolean isOn(String page, String family) {
        if (family.startsWith("millrace_")) {
            return page.contains("| `" + family.replaceFirst("_max$", "") + "` |");
        }
        return IntStream.rangeClosed(1, family.length())
                .anyMatch(length -> page.contains("| `" + family.substring(0, length) + "` |"));
    }

    private static Report hot(int number) {
        return report("hot-" + number, "acc-hot");
    }

    private static Report report(String messageId, String account) {
        return new Report(messageId, account, "credit", 1, "CZK", Instant.EPOCH, "verdict");
    }

    private static int port(String url) {
        return URI.create(url).getPort();
    }

    private static Map<String, String> settings(Site site, TcpProxy broker, TcpProxy database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("MILLRACE_PULSAR_SERVICE_URL", "pulsar://127.0.0.1:" + broker.port());
        settings.put(
                "MILLRACE_POSTGRES_URL",
                site.databaseUrl()
                        .replace(
                                ":" + port(site.databaseUrl().substring(5)) + "/",
                                ":" + database.port() + "/"));
        settings.put("MILLRACE_PARTITIONS", "2");
        settings.put("MILLRACE_LANES", "2");
        settings.put("MILLRACE_BATCH_MAX_EVENTS", "50");
        settings.put("MILLRACE_STATISTICS_INTERVAL", "500ms");
        settings.put("MILLRACE_PUBLISH_TIMEOUT", "2s");
        return settings;
    }
}
