package dev.millrace.ports.usecase.operations;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Backoff;
import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.FailurePolicy;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.ParkingLimit;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayFinding.Kind;
import dev.millrace.domain.operations.ReplayMode;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.driving.ProcessEvents;
import dev.millrace.ports.fake.DirectSupervision;
import dev.millrace.ports.fake.InMemoryCrashRecords;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryGaps;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.InMemoryRecordStore;
import dev.millrace.ports.fake.InMemoryReplays;
import dev.millrace.ports.fake.InMemoryTopicLog;
import dev.millrace.ports.fake.InMemoryTracing;
import dev.millrace.ports.fake.RecordedMeasurements;
import dev.millrace.ports.fake.SettableClock;
import dev.millrace.ports.operations.driven.Playback;
import dev.millrace.ports.usecase.DecisionMaking;
import dev.millrace.ports.usecase.EventProcessing;
import dev.millrace.ports.usecase.OutagePolicy;
import dev.millrace.ports.usecase.ParkingSpace;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ReplayingTest {

    private static final SubscriptionId SUBSCRIPTION =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private static final Signature ANNA = new Signature("anna", "");
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final SettableClock clock = new SettableClock(PUBLISHED_AT.plusSeconds(60));
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryTracing tables = new InMemoryTracing(database);
    private final InMemoryTopicLog topic = new InMemoryTopicLog();
    private final List<Delivery<CountEvent>> copies = new ArrayList<>();
    private final InMemoryInbox<CountEvent, Count, Counted> inbox =
            new InMemoryInbox<>(database, SUBSCRIPTION, CounterStream.STREAM, _ -> true, clock);
    private final InMemoryReplays replays =
            new InMemoryReplays(database, SUBSCRIPTION.tenant(), SUBSCRIPTION.namespace(), clock);
    private Optional<Instruction.Hold> pause = Optional.empty();

    @Test
    void verify_tells_exactly_what_is_missing_and_changes_nothing() {
        for (int i = 0; i < 6; i++) {
            var _ = handle("m" + i, add("k" + i % 3, 1));
        }
        Position gap = handle("gap", add("k0", 1));
        Position overtaken = handle("late", add("k1", 1));
        var _ = handle("after", add("k1", 1));
        Position effectless = handle("effectless", add("k2", 1));
        var _ = publish("in-flight", add("k2", 1));
        tables.forget(SUBSCRIPTION, new MessageId("gap"));
        tables.forget(SUBSCRIPTION, new MessageId("late"));
        tables.loseEffect(new MessageId("effectless"));

        Replay done = run(ReplayMode.VERIFY, false, 4);

        assertThat(done.state()).isEqualTo(Replay.State.DONE);
        assertThat(done.tally().copies()).isEqualTo(11);
        assertThat(done.tally().inFlight()).isEqualTo(1);
        assertThat(done.tally().differences()).isEqualTo(3);
        assertThat(positions(done, Kind.GAP)).containsExactly(gap);
        assertThat(positions(done, Kind.OVERTAKEN)).containsExactly(overtaken);
        assertThat(positions(done, Kind.WITHOUT_EFFECT)).containsExactly(effectless);
        assertThat(database.state(SUBSCRIPTION, new MessageId("gap"))).isEmpty();
    }

    @Test
    void fill_gaps_brings_back_what_is_missing_once_and_leaves_what_has_no_place() {
        var _ = handle("m0", add("a", 1));
        List<Position> gaps = List.of(miss("m1", add("a", 10)), miss("m2", add("a", 100)));
        Position overtaken = miss("m3", add("b", 1));
        var _ = handle("m4", add("b", 10));

        Replay done = run(ReplayMode.FILL_GAPS, false, 1_000);

        assertThat(positions(done, Kind.FILLED)).isEqualTo(gaps);
        assertThat(positions(done, Kind.OVERTAKEN)).containsExactly(overtaken);
        assertThat(inbox.state(new Key("a"))).isEqualTo(new Count(111));
        assertThat(inbox.state(new Key("b"))).isEqualTo(new Count(10));

        Replay again = run(ReplayMode.FILL_GAPS, true, 1_000);
        assertThat(positions(again, Kind.FILLED)).containsExactly(overtaken);
        assertThat(again.tally().differences()).isZero();
        assertThat(inbox.state(new Key("b"))).isEqualTo(new Count(11));
    }

    @Test
    void what_is_older_than_the_watermark_is_counted_and_left() {
        var _ = miss("old", add("a", 1));
        assertThat(
                        new InMemoryRecordStore(database)
                                .purge(SUBSCRIPTION, PUBLISHED_AT.plusSeconds(1), 10))
                .isZero();

        Replay done = run(ReplayMode.FILL_GAPS, false, 10);

        assertThat(done.tally().purged()).isEqualTo(1);
        assertThat(done.tally().differences()).isZero();
        assertThat(inbox.state(new Key("a"))).isEqualTo(new Count(0));
        assertThat(database.quarantine(SUBSCRIPTION)).isEmpty();
    }

    @Test
    void another_process_goes_on_where_one_has_died_and_nothing_is_filled_twice() {
        for (int i = 0; i < 20; i++) {
            var _ = miss("m" + i, add("k" + i, 1));
        }
        Replay begun = begin(ReplayMode.FILL_GAPS, false, 3);
        Replaying<CountEvent, Count, Counted> dies = replaying("dies");
        assertThat(dies.drive()).isEqualTo(Duration.ofSeconds(1));
        assertThat(dies.drive()).isEqualTo(Duration.ofSeconds(1));
        assertThat(filled(begun)).isEqualTo(6);

        Replaying<CountEvent, Count, Counted> heir = replaying("heir");
        assertThat(heir.drive()).isEqualTo(Duration.ofSeconds(1));
        assertThat(filled(begun)).as("while the lease lasts").isEqualTo(6);
        clock.advance(Duration.ofSeconds(11));
        drive(heir, begun);

        assertThat(dies.drive()).as("it comes back").isPositive();
        assertThat(filled(begun)).isEqualTo(20);
        for (int i = 0; i < 20; i++) {
            assertThat(inbox.state(new Key("k" + i))).isEqualTo(new Count(1));
        }
    }

    @Test
    void an_outage_is_waited_for_and_moves_nothing() {
        var _ = miss("m1", add("a", 1));
        Replay begun = begin(ReplayMode.FILL_GAPS, false, 3);
        Replaying<CountEvent, Count, Counted> replaying = replaying("p");
        topic.makeUnavailable();
        assertThat(replaying.drive()).isEqualTo(Duration.ofMillis(50));
        assertThat(replaying.drive()).isEqualTo(Duration.ofMillis(100));
        topic.makeAvailable();
        clock.advance(Duration.ofSeconds(11));
        database.makeUnavailable();
        assertThat(replaying.drive()).isPositive();
        database.makeAvailable();
        drive(replaying, begun);

        assertThat(filled(begun)).isEqualTo(1);
    }

    @Test
    void while_a_person_wants_a_pause_nothing_is_filled() {
        var _ = miss("m1", add("a", 1));
        Replay begun = begin(ReplayMode.FILL_GAPS, false, 3);
        Replaying<CountEvent, Count, Counted> replaying = replaying("p");
        pause = Optional.of(new Instruction.Hold(Duration.ofMillis(100), "paused by anna"));
        assertThat(replaying.drive()).isEqualTo(Duration.ofSeconds(1));
        assertThat(replaying.drive()).isEqualTo(Duration.ofSeconds(1));
        assertThat(filled(begun)).isZero();
        assertThat(inbox.state(new Key("a"))).isEqualTo(new Count(0));

        pause = Optional.empty();
        drive(replaying, begun);

        assertThat(filled(begun)).isEqualTo(1);
    }

    @Test
    void a_partition_that_the_topic_does_not_have_is_not_replayed() {
        ReplayScope scope =
                new ReplayScope(
                        new ReplayBoundary.Open(),
                        new ReplayBoundary.Place(new Position(7, 1, 2, 0)));
        ReplayPlan plan = new ReplayPlan(SUBSCRIPTION, scope, ReplayMode.VERIFY, false, 10);

        assertThat(new ReplayStart(topic, replays).begin(plan, ANNA))
                .isEqualTo(new ReplayBeginning.NoSuchPartition(2));
        assertThat(replays.list(0, 10)).isEmpty();
    }

    private Replay run(ReplayMode mode, boolean outOfOrder, int rate) {
        Replay begun = begin(mode, outOfOrder, rate);
        drive(replaying("p"), begun);
        return replays.find(begun.id()).orElseThrow();
    }

    private Replay begin(ReplayMode mode, boolean outOfOrder, int rate) {
        ReplayPlan plan = new ReplayPlan(SUBSCRIPTION, ReplayScope.ALL, mode, outOfOrder, rate);
        return ((ReplayBeginning.Begun) new ReplayStart(topic, replays).begin(plan, ANNA)).replay();
    }

    private void drive(Replaying<CountEvent, Count, Counted> replaying, Replay job) {
        for (int i = 0; replays.find(job.id()).orElseThrow().state() == Replay.State.RUNNING; i++) {
            assertThat(i).isLessThan(50);
            assertThat(replaying.drive()).isLessThan(Duration.ofMinutes(1));
            clock.advance(Duration.ofMillis(10));
        }
    }

    private Replaying<CountEvent, Count, Counted> replaying(String process) {
        return new Replaying<>(
                SUBSCRIPTION,
                SubscriptionType.KEY_SHARED,
                replays,
                topic,
                this::play,
                tables,
                new InMemoryGaps<>(replays, inbox),
                gaps -> processing(process, gaps),
                process,
                BACKOFF,
                () -> 0);
    }

    private ProcessEvents<CountEvent> processing(
            String process, Inbox<CountEvent, Count, Counted> gaps) {
        return new EventProcessing<>(
                SUBSCRIPTION,
                new DecisionMaking<>(
                        CounterStream.STREAM,
                        SubscriptionType.KEY_SHARED,
                        new FailurePolicy(BACKOFF, 5, AfterQuarantine.WAITS),
                        new DirectSupervision(),
                        Duration.ofSeconds(1),
                        () -> 0),
                gaps,
                new InMemoryCrashRecords(database, SUBSCRIPTION, process),
                new OutagePolicy(BACKOFF, Duration.ofSeconds(1), Duration.ofSeconds(30)),
                new ParkingSpace(new ParkingLimit(1_000, 1 << 20, 100)),
                () -> pause,
                clock,
                () -> 0,
                new RecordedMeasurements());
    }

    private Playback.Stretch<CountEvent> play(ReplaySpan span, int limit) {
        List<Delivery<CountEvent>> read =
                copies.stream()
                        .filter(copy -> copy.position().partition() == span.partition())
                        .filter(copy -> span.contains(copy.position()))
                        .limit(limit)
                        .toList();
        return new Playback.Stretch<>(
                read, read.size() < limit ? span.done() : span.behind(read.getLast().position()));
    }

    private long filled(Replay job) {
        return replays.find(job.id()).orElseThrow().tally().found().getOrDefault(Kind.FILLED, 0L);
    }

    private List<Position> positions(Replay job, Kind kind) {
        return replays.findings(job.id(), 0, 100).stream()
                .filter(finding -> finding.kind() == kind)
                .map(ReplayFinding::position)
                .toList();
    }

    /** Published and acknowledged, and no table knows of it. */
    private Position miss(String messageId, CountEvent event) {
        Delivery<CountEvent> delivery = publish(messageId, event);
        topic.acknowledge(delivery.position());
        return delivery.position();
    }

    private Position handle(String messageId, CountEvent event) {
        Delivery<CountEvent> delivery = publish(messageId, event);
        assertThat(inbox.apply(List.of(delivery), PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Settlement.Committed.class);
        topic.acknowledge(delivery.position());
        return delivery.position();
    }

    private Delivery<CountEvent> publish(String messageId, CountEvent event) {
        Instant publishedAt = PUBLISHED_AT;
        int partition = Math.floorMod(event.key().value().hashCode(), 2);
        Position position = topic.add(partition, messageId, publishedAt);
        Delivery<CountEvent> delivery =
                new Delivery.Decoded<>(
                        new MessageId(messageId),
                        event.key(),
                        event,
                        CounterStream.STREAM.digest(event),
                        new Copy(position, publishedAt, Payload.EMPTY, "0", Map.of()));
        copies.add(delivery);
        return delivery;
    }
}
