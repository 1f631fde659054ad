package dev.millrace.bootstrap.send;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends the events of its keys, one request at a time. What must be tried again goes before
 * everything newer, so a key's events reach the gate in the order of the file: its first copies are
 * in that order whatever becomes of single requests, because each request has them in order and
 * none overtakes another.
 */
final class Courier implements Runnable {

    private static final long HAND_OVER_MILLIS = 100;
    private static final int FAILURES_UNTIL_TOLD = 4;

    private final Gate gate;
    private final SendSettings settings;
    private final Tally tally;
    private final CountDownLatch stopped;
    private final BlockingQueue<Line.Event> queue;

    private volatile boolean ended;

    /**
     * Taken and not settled, in the order of the file. Only this thread touches it, and all that
     * follows.
     */
    private final Deque<Line.Event> pending = new ArrayDeque<>();

    private int limit;
    private int failures;
    private long stuckLine;
    private long stuckSince;

    Courier(Gate gate, SendSettings settings, Tally tally, CountDownLatch stopped) {
        this.gate = gate;
        this.settings = settings;
        this.tally = tally;
        this.stopped = stopped;
        this.queue = new ArrayBlockingQueue<>(2 * settings.batch());
        this.limit = settings.batch();
    }

    /** Takes an event in, or answers false when there is no room for a while. */
    boolean take(Line.Event event) throws InterruptedException {
        return queue.offer(event, HAND_OVER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** No more events will come. */
    void end() {
        ended = true;
    }

    @Override
    public void run() {
        try {
            while (!isStopped() && fill()) {
                List<Line.Event> request = pending.stream().limit(limit).toList();
                Answer answer = gate.post(request);
                if (!isStopped() || answer instanceof Answer.Itemised) {
                    settle(request, answer);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    /** Waits for something to send; answers false at the end. */
    private boolean fill() throws InterruptedException {
        while (pending.isEmpty()) {
            boolean last = ended;
            Line.Event first = queue.poll(HAND_OVER_MILLIS / 2, TimeUnit.MILLISECONDS);
            if (first != null) {
                pending.add(first);
            } else if (last || isStopped()) {
                return false;
            }
        }
        queue.drainTo(pending, Math.max(0, settings.batch() - pending.size()));
        return true;
    }

    private void settle(List<Line.Event> request, Answer answer) throws InterruptedException {
        switch (answer) {
            case Answer.Itemised itemised -> settle(request, itemised);
            case Answer.Failed failed -> {
                tally.retried(request.size());
                pause(failed.why(), failed.retryAfter());
            }
            case Answer.TooMuch tooMuch when request.size() > 1 -> {
                tally.retried(request.size());
                limit = request.size() / 2;
            }
            case Answer.TooMuch tooMuch -> {
                tally.refused(new Line.Refused(pending.remove().number(), tooMuch.why()));
                limit = settings.batch();
            }
            case Answer.Hopeless hopeless -> giveUp(hopeless.why());
        }
    }

    private void settle(List<Line.Event> request, Answer.Itemised answer)
            throws InterruptedException {
        Set<String> failedKeys = new HashSet<>();
        List<Line.Event> again = new ArrayList<>();
        String why = "";
        for (int i = 0; i < request.size(); i++) {
            Line.Event event = pending.remove();
            switch (answer.items().get(i)) {
                case Answer.Item.Refused refused ->
                        tally.refused(new Line.Refused(event.number(), refused.why()));
                case Answer.Item.Accepted accepted when !failedKeys.contains(event.key()) ->
                        tally.accepted();
                case Answer.Item.Accepted accepted -> again.add(event);
                case Answer.Item.Aborted aborted -> {
                    failedKeys.add(event.key());
                    again.add(event);
                }
                case Answer.Item.Again retry -> {
                    why = why.isEmpty() ? retry.why() : why;
                    failedKeys.add(event.key());
                    again.add(event);
                }
            }
        }
        again.reversed().forEach(pending::addFirst);
        if (again.size() < request.size()) {
            failures = 0;
            limit = Math.min(settings.batch(), 2 * limit);
        }
        tally.retried(again.size());
        boolean onlyAborted = why.isEmpty() && again.size() < request.size();
        if (!again.isEmpty() && !onlyAborted) {
            pause(why, answer.retryAfter());
        }
    }

    /** Waits before the next try; gives up when the first event has waited for too long. */
    private void pause(String why, Duration retryAfter) throws InterruptedException {
        long now = System.nanoTime();
        long head = pending.element().number();
        if (head != stuckLine) {
            stuckLine = head;
            stuckSince = now;
        }
        if (now - stuckSince > settings.patience().toNanos()) {
            giveUp(
                    "line "
                            + head
                            + " was tried for "
                            + settings.patience().toSeconds()
                            + " s: "
                            + why);
            return;
        }
        failures++;
        if (failures == FAILURES_UNTIL_TOLD) {
            tally.trouble("trying again for " + settings.patience().toSeconds() + " s: " + why);
        }
        Duration backoff =
                settings.backoff().delay(failures, ThreadLocalRandom.current().nextDouble());
        Duration wait = backoff.compareTo(retryAfter) > 0 ? backoff : retryAfter;
        stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void giveUp(String why) {
        tally.abandon(why);
        stopped.countDown();
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }
}
