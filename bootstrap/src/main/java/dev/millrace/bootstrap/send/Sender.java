package dev.millrace.bootstrap.send;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads a file and deals its events to couriers by key, so that a key's events stay with one
 * courier, in order. Holds a bounded number of events, however long the file.
 */
final class Sender {

    private final Gate gate;
    private final SendSettings settings;
    private final Tally tally;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Optional<Throwable>> bug =
            new AtomicReference<>(Optional.empty());

    Sender(Gate gate, SendSettings settings, Tally tally) {
        this.gate = Objects.requireNonNull(gate);
        this.settings = Objects.requireNonNull(settings);
        this.tally = Objects.requireNonNull(tally);
    }

    /** Sends everything, or until {@link #stop}; the tally has what became of it. */
    void send(EventFile file) throws IOException, InterruptedException {
        List<Courier> couriers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < settings.concurrency(); i++) {
            Courier courier = new Courier(gate, settings, tally, stopped);
            couriers.add(courier);
            threads.add(
                    Thread.ofVirtual()
                            .name("courier-" + i)
                            .uncaughtExceptionHandler((thread, failure) -> failed(failure))
                            .start(courier));
        }
        try {
            deal(file, couriers);
        } catch (Mistake unreadable) {
            tally.abandon(String.valueOf(unreadable.getMessage()));
        } finally {
            couriers.forEach(Courier::end);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        if (bug.get().isPresent()) {
            throw new IllegalStateException("a courier failed", bug.get().get());
        }
    }

    private void deal(EventFile file, List<Courier> couriers)
            throws IOException, InterruptedException {
        Pace pace = new Pace(settings.eventsPerSecond(), System.nanoTime());
        long index = 0;
        Optional<Line> next = file.next();
        while (next.isPresent() && !isStopped()) {
            tally.read();
            switch (next.get()) {
                case Line.Refused refused -> tally.refused(refused);
                case Line.Event event -> {
                    long wait = pace.remainingNanos(index++, System.nanoTime());
                    if (wait > 0 && stopped.await(wait, TimeUnit.NANOSECONDS)) {
                        return;
                    }
                    hand(event, couriers.get(courier(event.key())));
                }
            }
            next = file.next();
        }
    }

    private void hand(Line.Event event, Courier courier) throws InterruptedException {
        boolean taken = false;
        while (!taken && !isStopped()) {
            taken = courier.take(event);
        }
    }

    private int courier(String key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return Math.floorMod(hash ^ (hash >>> 16), settings.concurrency());
    }

    /** Ends sending after the requests under way. */
    void stop() {
        stopped.countDown();
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void failed(Throwable failure) {
        bug.compareAndSet(Optional.empty(), Optional.of(failure));
        stop();
    }
}
