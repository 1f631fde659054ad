package dev.millrace.adapters.pulsar.driving;

import dev.millrace.adapters.pulsar.AvroCodec;
import dev.millrace.adapters.pulsar.Decoding;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.adapters.pulsar.WriterSchemas;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.ports.Condition;
import dev.millrace.ports.Stream;
import dev.millrace.ports.driving.CheckPause;
import dev.millrace.ports.driving.ProcessEvents;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The lanes of one subscription in this process. They start without the broker and work once it is
 * there. Thread-safe.
 *
 * @param <E> the stream's event
 */
public final class Lanes<E> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final SubscriptionId subscription;
    private final InstantSource clock;
    private final StopSignal stop;
    private final List<Lane<E>> lanes;
    private final List<Thread> threads;

    private Lanes(SubscriptionId subscription, Lane.Common<E> common) {
        this.subscription = subscription;
        this.clock = common.clock();
        this.stop = common.stop();
        this.lanes =
                IntStream.range(0, common.settings().lanes())
                        .mapToObj(number -> new Lane<>(number, common))
                        .toList();
        this.threads =
                IntStream.range(0, lanes.size())
                        .mapToObj(number ->
                                Thread.ofVirtual()
                                        .name("lane-" + subscription.name() + "-" + number)
                                        .unstarted(lanes.get(number)))
                        .toList();
    }

    /**
     * Starts the lanes.
     *
     * @param processing is handed one batch at a time by each lane
     * @param pause asked before anything is received
     */
    public static <E> Lanes<E> start(
            PulsarConnection connection,
            SubscriptionId subscription,
            LaneSettings settings,
            Stream<E, ?, ?> stream,
            AvroCodec<E> codec,
            ProcessEvents<E> processing,
            CheckPause pause,
            InstantSource clock) {
        WriterSchemas schemas = new WriterSchemas(connection, TopicName.of(subscription));
        Lanes<E> lanes =
                new Lanes<>(
                        subscription,
                        new Lane.Common<>(
                                new Subscribing(connection, subscription, settings),
                                settings,
                                new Decoding<>(stream, codec, schemas),
                                processing,
                                pause,
                                clock,
                                new StopSignal(),
                                new Trouble("Not connected to " + subscription),
                                new Trouble("The lanes of " + subscription + " pause")));
        lanes.threads.forEach(Thread::start);
        return lanes;
    }

    /** What each lane is doing, in the order of their numbers. */
    public List<LaneState> states() {
        return lanes.stream().map(Lane::state).toList();
    }

    /** What a person is to know of each lane, in the order of their numbers. */
    public List<LaneReport> reports() {
        return lanes.stream().map(Lane::report).toList();
    }

    /** Whether every lane is connected and none is halted. */
    public Condition condition(String name) {
        List<String> missing = new ArrayList<>();
        for (int number = 0; number < lanes.size(); number++) {
            Lane<E> lane = lanes.get(number);
            LaneState state = lane.state();
            if (state == LaneState.HALTED) {
                missing.add("lane " + number + " is halted: see the log");
            } else if (!lane.isConnected()) {
                String why = lane.whyDisconnected();
                missing.add(
                        "lane "
                                + number
                                + " is not connected ("
                                + state
                                + ")"
                                + (why.isEmpty() ? "" : ": " + why));
            }
        }
        return missing.isEmpty()
                ? Condition.met(name)
                : Condition.unmet(name, subscription + ": " + String.join("; ", missing));
    }

    /**
     * Lets each lane finish the batch that it holds, acknowledges it, waits for the receipts and
     * closes the consumers. A batch that an outage holds stays unacknowledged.
     *
     * @param patience for all lanes together; what takes longer goes on by itself
     * @return whether nothing does
     */
    public boolean drain(Duration patience) {
        stop.give();
        Instant end = clock.instant().plus(patience);
        int working = 0;
        for (Thread thread : threads) {
            Duration left = Duration.between(clock.instant(), end);
            working += ended(thread, left) ? 0 : 1;
        }
        if (working > 0) {
            LOG.warn("{} lanes of {} are still at work", working, subscription);
        }
        return working == 0;
    }

    /** Drains within 10 seconds. */
    @Override
    public void close() {
        var _ = drain(CLOSE_PATIENCE);
    }

    private static boolean ended(Thread thread, Duration patience) {
        try {
            return thread.join(patience);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return !thread.isAlive();
        }
    }
}
