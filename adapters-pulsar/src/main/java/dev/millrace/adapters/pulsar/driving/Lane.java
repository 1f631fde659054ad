package dev.millrace.adapters.pulsar.driving;

import dev.millrace.adapters.pulsar.Decoding;
import dev.millrace.domain.Position;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.ports.driving.CheckPause;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.driving.ProcessEvents;

import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Messages;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One consumer, one thread, one batch at a time. {@link #run} is the thread; the rest is
 * thread-safe.
 *
 * @param <E> the stream's event
 */
final class Lane<E> implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private static final Duration RETRY_SUBSCRIBING = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(100);

    /** Not even an instruction without a delay makes a lane spin. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

    /**
     * A consumer that is away this long is given up for a new one: the client closes some of their
     * parts for good, and does not tell.
     */
    private static final Duration CONNECTION_PATIENCE = Duration.ofSeconds(30);

    /** What all lanes of a subscription share. */
    record Common<E>(
            Subscribing subscribing,
            LaneSettings settings,
            Decoding<E> decoding,
            ProcessEvents<E> processing,
            CheckPause pause,
            InstantSource clock,
            StopSignal stop,
            Trouble disconnections,
            Trouble outages) {}

    private final int number;
    private final Common<E> common;
    private final StopSignal stop;
    private final RecentRate rate = new RecentRate();
    private volatile LaneState state = LaneState.STARTING;
    private volatile @Nullable Consumer<byte[]> consumer;
    private volatile String whyDisconnected = "";
    private volatile String whyPaused = "";
    private volatile List<Position> acknowledged = List.of();

    /**
     * @param number from 0, unique in the process
     */
    Lane(int number, Common<E> common) {
        this.number = number;
        this.common = common;
        this.stop = common.stop();
    }

    LaneState state() {
        return state;
    }

    /** What a person is to know of it. */
    LaneReport report() {
        return new LaneReport(
                number, state, acknowledged, rate.perSecond(common.clock().instant()), waitsFor());
    }

    private String waitsFor() {
        return switch (state) {
            case STARTING -> whyDisconnected.isEmpty() ? "the broker" : whyDisconnected;
            case RUNNING, STOPPED -> whyDisconnected;
            case PAUSED, PAUSED_BY_PERSON, WITHDRAWN -> whyPaused;
            case HALTED -> "a restart: it stands before a bug, which the log tells";
        };
    }

    boolean isConnected() {
        Consumer<byte[]> present = consumer;
        return present != null && present.isConnected();
    }

    /** What keeps it from the broker; empty when nothing does, or nothing is known yet. */
    String whyDisconnected() {
        return whyDisconnected;
    }

    @Override
    public void run() {
        try {
            while (!stop.isGiven()) {
                Optional<Consumer<byte[]>> subscribed = subscribe();
                if (subscribed.isPresent()) {
                    Optional<Instruction.Withdraw> withdrawal = work(subscribed.get());
                    withdrawal.ifPresent(this::sitOut);
                }
            }
        } catch (RuntimeException bug) {
            halt(bug);
        } catch (Error fatal) {
            halt(fatal);
            throw fatal;
        } finally {
            common.disconnections().ended(this);
            common.outages().ended(this);
            if (state != LaneState.HALTED) {
                state = LaneState.STOPPED;
            }
        }
    }

    /** Tries until there is a consumer; empty when the lane has to stop before. */
    private Optional<Consumer<byte[]>> subscribe() {
        state = LaneState.STARTING;
        while (!stop.isGiven()) {
            CompletableFuture<Consumer<byte[]>> attempt = common.subscribing().attempt(number);
            try {
                Optional<Consumer<byte[]>> subscribed = await(attempt);
                if (subscribed.isPresent()) {
                    reconnected();
                }
                return subscribed;
            } catch (ExecutionException refused) {
                disconnected(describe(refused.getCause()));
                stop.await(RETRY_SUBSCRIBING);
            }
        }
        return Optional.empty();
    }

    private Optional<Consumer<byte[]>> await(CompletableFuture<Consumer<byte[]>> attempt)
            throws ExecutionException {
        while (!stop.isGiven()) {
            try {
                return Optional.of(attempt.get(STEP.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException _) {
                // The attempt ends by itself; only the signal to stop must not wait for it.
            } catch (InterruptedException bug) {
                throw new IllegalStateException("lanes are not interrupted", bug);
            }
        }
        var _ = attempt.thenCompose(Consumer::closeAsync);
        return Optional.empty();
    }

    /** Receives and hands over until the lane has to stop, to withdraw or to subscribe anew. */
    private Optional<Instruction.Withdraw> work(Consumer<byte[]> subscribed) {
        consumer = subscribed;
        state = LaneState.RUNNING;
        Receipts receipts = new Receipts(common.settings().receiptPatience());
        Connection connection = new Connection(subscribed);
        try {
            while (!stop.isGiven() && connection.isWorthKeeping()) {
                if (isHeld(subscribed)) {
                    continue;
                }
                List<Message<byte[]>> batch = receive(subscribed);
                if (!batch.isEmpty()) {
                    Optional<Instruction.Withdraw> end = settle(connection, batch, receipts);
                    if (end.isPresent()) {
                        return end;
                    }
                }
            }
        } catch (PulsarClientException lost) {
            disconnected(describe(lost));
            stop.await(RETRY_SUBSCRIBING);
        } catch (RuntimeException bug) {
            // The consumer stays open: closed, it would hand the events on to the next victim.
            halt(bug);
            stop.await();
        } finally {
            receipts.awaitAll();
            consumer = null;
            close(subscribed);
        }
        return Optional.empty();
    }

    private static List<Message<byte[]>> receive(Consumer<byte[]> consumer)
            throws PulsarClientException {
        Messages<byte[]> received = consumer.batchReceive();
        if (received == null) {
            throw new PulsarClientException.AlreadyClosedException("the consumer is closed");
        }
        List<Message<byte[]>> batch = new ArrayList<>(received.size());
        received.forEach(batch::add);
        return batch;
    }

    /** Whether a person wants a pause; waits a little if so. What is in the queue stays there. */
    private boolean isHeld(Consumer<byte[]> from) {
        Optional<Instruction.Hold> hold = common.pause().check();
        if (hold.isPresent()) {
            hold(from, hold.get().why());
            var _ = await(hold.get().after());
        } else {
            resume(from);
        }
        return hold.isPresent();
    }

    /**
     * Follows the instructions about one batch; answers how the work ends when it does. With the
     * connection the batch is lost: it arrives again.
     */
    private Optional<Instruction.Withdraw> settle(
            Connection connection, List<Message<byte[]>> batch, Receipts receipts) {
        Consumer<byte[]> from = connection.watched;
        while (connection.isWorthKeeping()) {
            switch (common.processing().process(() -> common.decoding().decode(batch))) {
                case Instruction.Acknowledge acknowledge -> {
                    acknowledge(from, batch, receipts);
                    resume(from);
                    return Optional.empty();
                }
                case Instruction.Retry(Duration after, String why) -> {
                    pause(from, why);
                    if (await(after)) {
                        return Optional.empty();
                    }
                }
                case Instruction.Hold(Duration after, String why) -> {
                    hold(from, why);
                    if (await(after)) {
                        return Optional.empty();
                    }
                }
                case Instruction.Withdraw withdraw -> {
                    return Optional.of(withdraw);
                }
            }
        }
        return Optional.empty();
    }

    private void acknowledge(
            Consumer<byte[]> from, List<Message<byte[]>> committed, Receipts receipts) {
        receipts.awaitRoom();
        receipts.add(from.acknowledgeAsync(committed.stream().map(Message::getMessageId).toList()));
        acknowledged = List.of(Decoding.position(committed.getLast()));
        rate.add(common.clock().instant(), committed.size());
    }

    private void pause(Consumer<byte[]> from, String why) {
        common.outages().began(this, why);
        stand(from, LaneState.PAUSED, why);
    }

    private void hold(Consumer<byte[]> from, String why) {
        common.outages().ended(this);
        stand(from, LaneState.PAUSED_BY_PERSON, why);
    }

    private void stand(Consumer<byte[]> from, LaneState as, String why) {
        if (state == LaneState.RUNNING) {
            from.pause();
        }
        whyPaused = why;
        state = as;
    }

    private void resume(Consumer<byte[]> from) {
        if (state != LaneState.RUNNING) {
            state = LaneState.RUNNING;
            common.outages().ended(this);
            from.resume();
        }
    }

    private void halt(Throwable bug) {
        state = LaneState.HALTED;
        LOG.error("Lane {} of {} halts", number, common.subscribing().subscription(), bug);
    }

    /** Without a consumer, asks from time to time whether the outage is over. */
    private void sitOut(Instruction.Withdraw withdrawal) {
        common.outages().began(this, withdrawal.why());
        whyPaused = withdrawal.why();
        state = LaneState.WITHDRAWN;
        Instruction last = withdrawal;
        while (true) {
            switch (last) {
                case Instruction.Acknowledge _, Instruction.Hold _ -> {
                    common.outages().ended(this);
                    return;
                }
                case Instruction.Retry(Duration after, String why) -> {
                    if (await(after)) {
                        return;
                    }
                }
                case Instruction.Withdraw(Duration after, String why) -> {
                    if (await(after)) {
                        return;
                    }
                }
            }
            last = common.processing().process(List::of);
        }
    }

    private boolean await(Duration pause) {
        return stop.await(pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause);
    }

    private void disconnected(String why) {
        whyDisconnected = why;
        common.disconnections().began(this, why);
    }

    private void reconnected() {
        whyDisconnected = "";
        common.disconnections().ended(this);
    }

    private static String describe(@Nullable Throwable failure) {
        return failure instanceof PulsarClientException.ConsumerBusyException
                ? "another consumer holds this subscription, which is exclusive: stop it, or"
                        + " choose another subscription type"
                : String.valueOf(failure);
    }

    /** Waits for it, so that its keys belong to others when the lane has stopped or withdrawn. */
    private void close(Consumer<byte[]> closing) {
        try {
            long patience = common.settings().receiptPatience().toMillis();
            closing.closeAsync().get(patience, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unclean) {
            LOG.debug("A consumer did not close cleanly: {}", unclean.toString());
        } catch (InterruptedException bug) {
            throw new IllegalStateException("lanes are not interrupted", bug);
        }
    }

    /** Watches whether a consumer is connected. */
    private final class Connection {
        private final Consumer<byte[]> watched;
        private @Nullable Instant awaySince;

        Connection(Consumer<byte[]> watched) {
            this.watched = watched;
        }

        boolean isWorthKeeping() {
            if (watched.isConnected()) {
                if (awaySince != null) {
                    awaySince = null;
                    reconnected();
                }
                return true;
            }
            Instant now = common.clock().instant();
            if (awaySince == null) {
                awaySince = now;
                disconnected("the connection to the broker is lost");
            }
            return Duration.between(awaySince, now).compareTo(CONNECTION_PATIENCE) < 0;
        }
    }
}
