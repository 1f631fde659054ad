package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Workers that are killed, join, leave and come back as zombies, topics that are unloaded and a
 * broker that is started anew, while traffic on hot and cold keys goes on. Whatever moves: each
 * event has one outcome, and the books are those of a bank that never moved.
 */
@ResourceLock(StackToBreak.LOCK)
class MovingConsumersTest {

    /** Longer than every timeout below, so that nothing of a worker is left anywhere. */
    private static final Duration STANDSTILL = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int HOT_ACCOUNTS = 4;
    private static final int COLD_ACCOUNTS = 120;
    private static final int FEWEST_WORKERS = 2;
    private static final int MOST_WORKERS = 4;

    private static final Map<String, String> GATE = of(ShortWaits.ofGate(), "gate");
    private static final Map<String, String> WORKER = of(ShortWaits.ofWorker(), "worker");

    /** What can happen to a running system, each as often as its weight says. */
    private enum Move {
        KILL(4),
        JOIN_OR_LEAVE(4),
        ZOMBIE(4),
        UNLOAD(4),
        BROKER(1);

        private final int weight;

        Move(int weight) {
            this.weight = weight;
        }

        static Move any(SplittableRandom random) {
            List<Move> weighted = new ArrayList<>();
            for (Move move : values()) {
                for (int i = 0; i < move.weight; i++) {
                    weighted.add(move);
                }
            }
            return weighted.get(random.nextInt(weighted.size()));
        }
    }

    @TempDir private Path folder;
    private final Stack stack = StackToBreak.get();

    private static Map<String, String> of(Map<String, String> settings, String role) {
        settings.put("MILLRACE_ROLES", role);
        return Map.copyOf(settings);
    }

    @Test
    void a_kill_a_zombie_a_leave_and_an_unload_cost_no_order_and_no_event() {
        try (Run run = new Run(19_930_101)) {
            run.move(Move.KILL);
            run.move(Move.ZOMBIE);
            run.move(Move.JOIN_OR_LEAVE);
            run.move(Move.UNLOAD);
            run.end();
        }
    }

    /**
     * By the clock; or, with {@code -Dmillrace.moves=100}, that many. A run is repeated by {@code
     * -Dmillrace.seed}.
     */
    @Seeded
    void moves_at_random_cost_no_order_and_no_event() {
        int wished = Integer.getInteger("millrace.moves", 0);
        int most = wished == 0 ? Integer.MAX_VALUE : wished;
        Duration time = wished == 0 ? Duration.ofMinutes(2) : Duration.ofHours(2);
        long end = System.nanoTime() + time.toNanos();
        try (Run run = new Run(Long.getLong("millrace.seed", System.nanoTime()))) {
            while (run.moves() < most && System.nanoTime() < end) {
                run.move(Move.any(run.random));
            }
            run.end();
            assertThat(run.moves())
                    .as("moves in the time given")
                    .isGreaterThanOrEqualTo(wished == 0 ? 15 : wished);
        }
    }

    /** The system under traffic, and what was done to it. */
    private final class Run implements AutoCloseable {
        private final long seed;
        private final SplittableRandom random;
        private final Site site = Site.on(stack.endpoints(), MovingConsumersTest.class);
        private final Database database = new Database(site);
        private final Topic topic = new Topic(site);
        private final Fleet fleet = new Fleet(site, folder, WORKER);
        private final ServiceProcess gate;
        private final OrderedSender sender;
        private final Traffic traffic;
        private final Map<Move, Integer> done = new EnumMap<>(Move.class);
        private long heldByZombies;
        private Duration longestStill = Duration.ZERO;

        Run(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            System.out.println("moving consumers, seed " + seed);
            gate = ServiceProcess.start(site, folder, GATE);
            sender = new OrderedSender(gate::gate, 4);
            for (int i = 0; i < 3; i++) {
                fleet.join();
            }
            try {
                gate.awaitReadiness(true);
            } catch (RuntimeException | Error failure) {
                close();
                throw failure;
            }
            traffic = Traffic.start(History.endless(seed, HOT_ACCOUNTS, COLD_ACCOUNTS), sender);
            awaitProgress();
        }

        /** Does it to somebody, and waits until events have their outcomes again. */
        void move(Move move) {
            LockSupport.parkNanos(Duration.ofMillis(random.nextLong(500)).toNanos());
            long began = System.nanoTime();
            switch (move) {
                case KILL -> fleet.replace(random);
                case JOIN_OR_LEAVE -> joinOrLeave();
                case ZOMBIE -> zombie(fleet.anyAtWork(random));
                case UNLOAD -> topic.unload(random.nextBoolean() ? "" : anyPartition());
                case BROKER -> restartBroker();
            }
            done.merge(move, 1, Integer::sum);
            awaitProgress();
            System.out.printf(
                    "%s: events go on after %d ms, %d workers%n",
                    move, (System.nanoTime() - began) / 1_000_000, fleet.size());
        }

        int moves() {
            return done.values().stream().mapToInt(Integer::intValue).sum();
        }

        private void joinOrLeave() {
            boolean join =
                    fleet.size() == FEWEST_WORKERS
                            || (fleet.size() < MOST_WORKERS && random.nextBoolean());
            if (join) {
                fleet.join();
            } else {
                fleet.leave(random);
            }
        }

        /**
         * Stops a worker that has events in hand until the broker has given it up and all of its
         * keys have moved on with another, and lets it come back into the middle of that.
         */
        private void zombie(ServiceProcess worker) {
            worker.suspend();
            long began = System.nanoTime();
            long[] held = {0};
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        List<Topic.Member> members = topic.membersOf(worker);
                        held[0] = Math.max(held[0], unacknowledged(members));
                        return members.isEmpty();
                    });
            heldByZombies += held[0];
            database.awaitOutcomes(traffic.lastOfEachAccount().values());
            LockSupport.parkNanos(STANDSTILL.toNanos() - (System.nanoTime() - began));
            worker.resume();
            System.out.printf("a zombie held %d events, all done by others%n", held[0]);
        }

        private void restartBroker() {
            if (random.nextBoolean()) {
                stack.restartBroker();
            } else {
                stack.killBroker();
                stack.startBroker();
            }
        }

        private String anyPartition() {
            return "../ledger-entries-partition-" + random.nextInt(ShortWaits.PARTITIONS) + "/";
        }

        /** Nothing may stand still for long, whatever moved. */
        private void awaitProgress() {
            long began = System.nanoTime();
            long before = outcomes();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> outcomes() > before + 20);
            Duration still = Duration.ofNanos(System.nanoTime() - began);
            longestStill = still.compareTo(longestStill) > 0 ? still : longestStill;
        }

        private long outcomes() {
            return database.count("select count(*) from inbox_record");
        }

        /** Lets everything come to rest, and compares. */
        void end() {
            List<Report> sent = traffic.stop();
            fleet.awaitReadiness();
            database.awaitRecords(sent.size());
            System.out.printf(
                    "seed %d: %d moves %s, %d events, %d held by zombies, %d redelivered, %d"
                            + " unknown at first, requests by status %s, longest wait %d ms%n",
                    seed,
                    moves(),
                    done,
                    sent.size(),
                    heldByZombies,
                    fleet.redelivered(),
                    sender.unknown().size(),
                    sender.statuses(),
                    longestStill.toMillis());
            assertThat(sender.accepted()).hasSize(sent.size());
            assertThat(database.count("select count(*) from quarantine")).isZero();
            assertThat(database.count("select count(*) - count(distinct message_id) from entry"))
                    .as("events with two effects")
                    .isZero();
            assertThat(
                            database.count(
                                    "select count(*) from inbox_record where state not in"
                                            + " ('applied', 'rejected')"))
                    .as("events without an outcome")
                    .isZero();
            assertThat(database.books()).isEqualTo(new History(seed, sent).books(0));
            if (done.containsKey(Move.ZOMBIE)) {
                assertThat(heldByZombies).as("events in the hands of zombies").isPositive();
            }
        }

        @Override
        public void close() {
            if (traffic != null) {
                traffic.close();
            }
            fleet.close();
            gate.close();
        }
    }

    private static long unacknowledged(List<Topic.Member> members) {
        return members.stream().mapToLong(Topic.Member::unacknowledged).sum();
    }
}
