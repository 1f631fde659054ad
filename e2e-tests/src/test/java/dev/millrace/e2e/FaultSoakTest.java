package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Everything that can break, breaks, one after the other and at random, under traffic: processes
 * die and stand still, connections are cut, slow or silent, events come that nobody reads, and what
 * is written is refused for a while. In the end all of it is healed, and the books are exact.
 */
@ResourceLock(StackToBreak.LOCK)
class FaultSoakTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int SERVICES = 2;
    private static final int HOT_ACCOUNTS = 4;
    private static final int COLD_ACCOUNTS = 120;

    /** What is done to the system. */
    private enum Fault {
        SERVICE_KILLED,
        SERVICE_STOPPED,
        BROKER_KILLED,
        BROKER_STOPPED,
        BROKER_CUT_OFF,
        BROKER_SLOW,
        BROKER_SILENT,
        DATABASE_KILLED,
        DATABASE_CUT_OFF,
        DATABASE_SLOW,
        DATABASE_SILENT,
        POISON,
        WRITES_REFUSED
    }

    @TempDir private Path folder;
    private final Stack stack = StackToBreak.get();

    @Test
    void a_few_faults_of_each_kind_of_victim_cost_no_event_and_no_order() throws Exception {
        try (Run run = new Run(19_930_102)) {
            run.suffer(Fault.WRITES_REFUSED);
            run.suffer(Fault.SERVICE_KILLED);
            run.suffer(Fault.POISON);
            run.suffer(Fault.DATABASE_SILENT);
            run.suffer(Fault.BROKER_CUT_OFF);
            run.end();
        }
    }

    /** By the clock: {@code -Dmillrace.soak=PT1H} for an hour. Again by {@code -Dmillrace.seed}. */
    @Seeded
    void faults_at_random_cost_no_event_and_no_order() throws Exception {
        Duration time = Duration.parse(System.getProperty("millrace.soak", "PT5M"));
        long end = System.nanoTime() + time.toNanos();
        try (Run run = new Run(Long.getLong("millrace.seed", System.nanoTime()))) {
            Fault[] faults = Fault.values();
            while (System.nanoTime() - end < 0) {
                run.suffer(faults[run.random.nextInt(faults.length)]);
            }
            run.end();
            assertThat(run.count())
                    .as("faults in the time given")
                    .isGreaterThanOrEqualTo((int) (time.toSeconds() / 20));
        }
    }

    /** The system under traffic, and what was done to it. */
    private final class Run implements AutoCloseable {
        private final long seed;
        private final SplittableRandom random;
        private final Site site = Site.on(stack.endpoints(), FaultSoakTest.class);
        private final Database database = new Database(site);
        private final TcpProxy toBroker =
                TcpProxy.to(URI.create(stack.endpoints().pulsarServiceUrl()).getPort());
        private final TcpProxy toDatabase =
                TcpProxy.to(URI.create(site.databaseUrl().substring("jdbc:".length())).getPort());
        private final List<ServiceProcess> services = new CopyOnWriteArrayList<>();
        private final List<String> poison = new ArrayList<>();
        private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
        private final OrderedSender sender = new OrderedSender(this::anyGate, 4);
        private final Traffic traffic;

        Run(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            System.out.println("fault soak, seed " + seed);
            for (int i = 0; i < SERVICES; i++) {
                services.add(start());
            }
            try {
                services.forEach(service -> service.awaitReadiness(true));
            } catch (RuntimeException | Error failure) {
                services.forEach(ServiceProcess::close);
                throw failure;
            }
            traffic = Traffic.start(History.endless(seed, HOT_ACCOUNTS, COLD_ACCOUNTS), sender);
            awaitProgress();
        }

        private ServiceProcess start() {
            Map<String, String> settings = ShortWaits.ofWorker();
            settings.put("MILLRACE_PULSAR_SERVICE_URL", "pulsar://127.0.0.1:" + toBroker.port());
            settings.put(
                    "MILLRACE_POSTGRES_URL",
                    site.databaseUrl().replaceFirst(":[0-9]+/", ":" + toDatabase.port() + "/"));
            settings.put("MILLRACE_PUBLISH_TIMEOUT", "3s");
            settings.put("MILLRACE_RETRY_MAX_ATTEMPTS", "1000");
            settings.put("MILLRACE_RETRY_BACKOFF_FIRST", "100ms");
            settings.put("MILLRACE_RETRY_BACKOFF_CAP", "400ms");
            return ServiceProcess.start(site, folder, settings);
        }

        private URI anyGate() {
            return services.get(ThreadLocalRandom.current().nextInt(services.size())).gate();
        }

        /** Does it, lets it last for a while, heals it, and sees that events go on. */
        void suffer(Fault fault) throws Exception {
            long began = System.nanoTime();
            switch (fault) {
                case SERVICE_KILLED -> replaceService();
                case SERVICE_STOPPED -> {
                    ServiceProcess victim = anyService();
                    victim.suspend();
                    last();
                    victim.resume();
                }
                case BROKER_KILLED -> {
                    stack.killBroker();
                    last();
                    stack.startBroker();
                }
                case BROKER_STOPPED -> {
                    stack.suspendBroker();
                    last();
                    stack.resumeBroker();
                }
                case DATABASE_KILLED -> {
                    stack.killPostgres();
                    last();
                    stack.startPostgres();
                }
                case BROKER_CUT_OFF -> toBroker.cutAll();
                case DATABASE_CUT_OFF -> toDatabase.cutAll();
                case BROKER_SLOW -> slow(toBroker);
                case DATABASE_SLOW -> slow(toDatabase);
                case BROKER_SILENT -> silence(toBroker);
                case DATABASE_SILENT -> silence(toDatabase);
                case POISON -> poison();
                case WRITES_REFUSED -> refuseWrites();
            }
            done.merge(fault, 1, Integer::sum);
            awaitProgress();
            System.out.printf(
                    "%s: events go on after %d ms%n",
                    fault, (System.nanoTime() - began) / 1_000_000);
        }

        int count() {
            return done.values().stream().mapToInt(Integer::intValue).sum();
        }

        private void last() {
            LockSupport.parkNanos(Duration.ofMillis(200 + random.nextLong(4_000)).toNanos());
        }

        private ServiceProcess anyService() {
            return services.get(random.nextInt(services.size()));
        }

        private void replaceService() {
            int victim = random.nextInt(services.size());
            services.get(victim).kill();
            services.set(victim, start());
        }

        private void slow(TcpProxy wire) {
            wire.delay(Duration.ofMillis(20 + random.nextLong(180)));
            last();
            wire.delay(Duration.ZERO);
        }

        private void silence(TcpProxy wire) {
            wire.openBlackHole();
            last();
            wire.closeBlackHole();
        }

        /** Past the proxy, so that it surely lies in the topic. */
        private void poison() throws PulsarClientException {
            String messageId = "poison-" + poison.size();
            byte[] garbage = ("nobody reads " + messageId).getBytes(StandardCharsets.UTF_8);
            try (PulsarClient pulsar =
                    PulsarClient.builder()
                            .serviceUrl(site.endpoints().pulsarServiceUrl())
                            .build()) {
                GivenSchema.contractOf(site)
                        .send(pulsar, site.topic(), messageId, messageId, garbage);
            }
            poison.add(messageId);
        }

        /** What is written for one account is refused for a while. */
        private void refuseWrites() throws SQLException {
            String account = "acc-" + random.nextInt(HOT_ACCOUNTS);
            execute(
                    "alter table entry add constraint fault check (account_id <> '"
                            + account
                            + "') not valid");
            last();
            execute("alter table entry drop constraint fault");
        }

        private void execute(String sql) throws SQLException {
            try (Connection connection = site.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        private void awaitProgress() {
            long before = outcomes();
            // Not more often: after an hour there are hundreds of thousands to count.
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions()
                    .until(() -> outcomes() > before + 20);
        }

        private long outcomes() {
            return database.count("select count(*) from inbox_record where state <> 'parked'");
        }

        /** Lets everything come to rest, and compares. */
        void end() throws Exception {
            List<Report> sent = traffic.stop();
            services.forEach(service -> service.awaitReadiness(true));
            database.awaitRecords(sent.size());
            database.awaitCount("select count(*) from parked_event", 0);
            database.awaitCount("select count(distinct message_id) from quarantine", poison.size());
            System.out.printf(
                    "seed %d: %d faults %s, %d events, %d parked for a while, %d unknown at first,"
                            + " requests by status %s%n",
                    seed,
                    count(),
                    done,
                    sent.size(),
                    database.count("select count(distinct message_id) from event_attempt"),
                    sender.unknown().size(),
                    sender.statuses());
            assertThat(sender.accepted()).hasSize(sent.size());
            assertThat(sender.missingRetryAfter()).isEmpty();
            assertThat(
                            database.count(
                                    "select count(*) from quarantine where reason <>"
                                            + " 'undecodable'"))
                    .isZero();
            assertThat(database.count("select count(*) - count(distinct message_id) from entry"))
                    .as("events with two effects")
                    .isZero();
            assertThat(
                            database.count(
                                    "select count(*) from key_lock where parked > 0 or"
                                            + " awaits_person"))
                    .as("keys that wait for nothing")
                    .isZero();
            assertThat(database.books()).isEqualTo(new History(seed, sent).books(0));
            agree();
        }

        /** Topic and tables, and dead letters and quarantine, hold the same, ID by ID. */
        private void agree() throws Exception {
            database.awaitCount("select count(*) from outbox", 0);
            List<Message<byte[]>> letters = Letters.requireSameAsQuarantine(site);
            assertThat(letters).hasSizeGreaterThanOrEqualTo(poison.size());
            List<JsonNode> audit = AuditLines.of(services.getFirst());
            System.out.println("audit: " + audit.getLast());
            assertThat(audit.getLast().at("/report/balances").asBoolean())
                    .as(() -> audit.toString())
                    .isTrue();
        }

        @Override
        public void close() {
            if (traffic != null) {
                traffic.close();
            }
            services.forEach(ServiceProcess::close);
            toBroker.close();
            toDatabase.close();
        }
    }
}
