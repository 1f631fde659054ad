package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.pulsar.client.api.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Quarantine and dead-letter topic have the same IDs in the end, whatever dies between the commit
 * of the one and the receipt of the other.
 */
class DeadLetterTest {

    private static final int ACCOUNTS = 8;
    private static final String OUTBOX = "select count(*) from outbox";
    private static final String FENCE = "select fence from relay_turn";
    private static final String QUARANTINE = "select count(*) from quarantine";

    @TempDir private Path folder;

    @Test
    void killed_between_the_commit_of_quarantine_and_the_publication_it_publishes_later()
            throws Exception {
        Site site = Site.on(Stacks.shared(), DeadLetterTest.class);
        Database database = new Database(site);
        CountDownLatch held = new CountDownLatch(1);
        try (TcpProxy proxy = proxy(site)) {
            proxy.tap(() -> holdingLetters(held, new CountDownLatch(1)));
            try (ServiceProcess service =
                    ServiceProcess.ready(site, folder, through(proxy, "30s"))) {
                quarantineFirst(site, service, 3);
                assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
                service.kill();
            }
        }
        assertThat(Letters.of(site)).as("nothing has arrived").isEmpty();
        assertThat(database.count(OUTBOX)).as("all still to do").isEqualTo(3L * ACCOUNTS);
        endTurn(site);
        try (ServiceProcess again = ServiceProcess.ready(site, folder, settings("1s"))) {
            awaitAgreement(site, 3 * ACCOUNTS);
            assertThat(Letters.of(site)).as("each once").hasSize(3 * ACCOUNTS);
            await().until(() ->
                    again.metric("millrace_outbox_events", "subscription=\"ledger\"") == 0);
        }
    }

    @Test
    void killed_between_the_publication_and_its_receipt_it_repeats_what_a_reader_drops()
            throws Exception {
        Site site = Site.on(Stacks.shared(), DeadLetterTest.class);
        Database database = new Database(site);
        int stored;
        try (TcpProxy proxy = proxy(site)) {
            proxy.tap(DeadLetterTest::holdingReceipts);
            try (ServiceProcess service =
                    ServiceProcess.ready(site, folder, through(proxy, "30s"))) {
                quarantineFirst(site, service, 1);
                await().until(() -> !Letters.of(site).isEmpty());
                service.kill();
            }
        }
        stored = Letters.of(site).size();
        assertThat(database.count(OUTBOX)).as("no receipt").isEqualTo(ACCOUNTS);
        endTurn(site);
        try (ServiceProcess again = ServiceProcess.ready(site, folder, settings("1s"))) {
            awaitAgreement(site, ACCOUNTS);
            assertThat(Letters.of(site)).as("repeats").hasSize(ACCOUNTS + stored);
            assertThat(again.isReady()).isTrue();
        }
    }

    @Test
    void suspended_with_letters_in_hand_it_is_replaced_and_repeats_them_when_it_comes_back()
            throws Exception {
        Site site = Site.on(Stacks.shared(), DeadLetterTest.class);
        Database database = new Database(site);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch passed = new CountDownLatch(1);
        try (TcpProxy proxy = proxy(site)) {
            proxy.tap(() -> holdingLetters(held, passed));
            try (ServiceProcess one = ServiceProcess.ready(site, folder, through(proxy, "2s"))) {
                quarantineFirst(site, one, 3);
                assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
                long fence = database.count(FENCE);
                one.suspend();
                // Not before, or the turn might be its own, and the letters in no proxy's hand.
                try (ServiceProcess two = ServiceProcess.ready(site, folder, settings("2s"))) {
                    awaitAgreement(site, 3 * ACCOUNTS);
                    assertThat(database.count(FENCE)).isGreaterThan(fence);
                    assertThat(Letters.of(site)).as("each once").hasSize(3 * ACCOUNTS);
                    passed.countDown();
                    await().until(() -> Letters.of(site).size() > 3 * ACCOUNTS);
                    one.resume();
                    conflict(two, "later", 3);
                    awaitAgreement(site, 2 * 3 * ACCOUNTS);
                }
            }
        }
    }

    /** Has them enter quarantine while nobody may publish them, and then lets it begin. */
    private static void quarantineFirst(Site site, ServiceProcess service, int events)
            throws SQLException {
        execute(
                site,
                "insert into relay_turn select id, 'nobody', 0, now() + interval '1 hour' from"
                        + " subscription");
        conflict(service, "first", events);
        new Database(site).awaitCount(QUARANTINE, (long) events * ACCOUNTS);
        endTurn(site);
    }

    /** As time does, for whoever has it, be he dead. */
    private static void endTurn(Site site) throws SQLException {
        execute(site, "update relay_turn set expires_at = now()");
    }

    private static TcpProxy proxy(Site site) {
        return TcpProxy.to(URI.create(site.endpoints().pulsarServiceUrl()).getPort());
    }

    private static TcpProxy.Tap holdingLetters(CountDownLatch held, CountDownLatch passed) {
        return (way, chunk) -> {
            if (way == TcpProxy.Way.TO_SERVER && isDeadLetter(chunk)) {
                held.countDown();
                passed.await();
            }
            return TcpProxy.Verdict.FORWARD;
        };
    }

    private static TcpProxy.Tap holdingReceipts() {
        AtomicBoolean published = new AtomicBoolean();
        return (way, chunk) -> {
            if (way == TcpProxy.Way.TO_SERVER && isDeadLetter(chunk)) {
                published.set(true);
            } else if (way == TcpProxy.Way.TO_CLIENT && published.get()) {
                new CountDownLatch(1).await();
            }
            return TcpProxy.Verdict.FORWARD;
        };
    }

    /** Several conflicts for each account, as fast as they go. */
    private static void conflict(ServiceProcess service, String name, int events) {
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            for (int account = 0; account < ACCOUNTS; account++) {
                String id = name + "-" + account + "-" + i;
                reports.add(report(id, account, 5));
                reports.add(report(id, account, 6));
            }
        }
        for (Report report : reports) {
            assertThat(Prober.post(service.gate(), report).status()).isEqualTo(202);
        }
    }

    private static Report report(String id, int account, long amount) {
        return new Report(
                id, "acc-" + account, "credit", amount, "CZK", Instant.EPOCH, Planted.PAYLOAD);
    }

    private static boolean isDeadLetter(byte[] chunk) {
        return new String(chunk, StandardCharsets.ISO_8859_1).contains("millrace-quarantine-id");
    }

    private static void execute(Site site, String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Map<String, String> settings(String term) {
        Map<String, String> settings = new HashMap<>();
        settings.put("MILLRACE_PARTITIONS", "2");
        settings.put("MILLRACE_RELAY_INTERVAL", "100ms");
        settings.put("MILLRACE_RELAY_TERM", term);
        return settings;
    }

    private static Map<String, String> through(TcpProxy proxy, String term) {
        Map<String, String> settings = settings(term);
        settings.put("MILLRACE_PULSAR_SERVICE_URL", "pulsar://127.0.0.1:" + proxy.port());
        return settings;
    }

    private static void awaitAgreement(Site site, int entries) throws Exception {
        Database database = new Database(site);
        database.awaitCount(QUARANTINE, entries);
        database.awaitCount(OUTBOX, 0);
        assertSame(site);
    }

    /** The same IDs, and for each key the first of each ID in order. */
    private static void assertSame(Site site) throws Exception {
        Map<String, Set<Long>> firsts = new TreeMap<>();
        for (Message<byte[]> letter : Letters.requireSameAsQuarantine(site)) {
            firsts.computeIfAbsent(letter.getKey(), key -> new LinkedHashSet<>())
                    .add(Letters.idOf(letter));
        }
        assertThat(firsts.values()).hasSize(ACCOUNTS);
        firsts.values().forEach(ids -> assertThat(new ArrayList<>(ids)).isSorted());
    }
}
