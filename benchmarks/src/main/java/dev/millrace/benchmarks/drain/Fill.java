package dev.millrace.benchmarks.drain;

import dev.millrace.benchmarks.load.AnswerFile;
import dev.millrace.benchmarks.load.GateClient;
import dev.millrace.benchmarks.load.OpenLoop;
import dev.millrace.benchmarks.process.Failure;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts events into a topic through the gate, as many callers do at once: each request has events of
 * many accounts.
 */
public final class Fill {

    private static final int CALLERS = 8;
    private static final int MOST_UNDER_WAY = 64;
    private static final int TRIES = 50;
    private static final long PAUSE_MILLIS = 200;

    private final URI gate;
    private final String prefix;
    private final int events;
    private final int accounts;
    private final int ofRequest;
    private final AnswerFile answers;
    private final AtomicInteger nextRequest = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /**
     * @param prefix of the message IDs
     * @param ofRequest how many events one request has
     * @param answers gets each answer of the gate
     */
    public Fill(
            URI gate, String prefix, int events, int accounts, int ofRequest, AnswerFile answers) {
        this.gate = gate;
        this.prefix = prefix;
        this.events = events;
        this.accounts = accounts;
        this.ofRequest = ofRequest;
        this.answers = answers;
    }

    /** Sends all as fast as the gate takes them, and returns when it has accepted all. */
    public void run() throws InterruptedException {
        try (GateClient client = new GateClient(gate, answers)) {
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(Thread.ofVirtual().start(() -> call(client)));
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        requireAccepted();
    }

    /** The same at an even rate, whether or not the gate has answered the earlier ones. */
    public void runAt(double eventsPerSecond) throws InterruptedException {
        OpenLoop loop = new OpenLoop(eventsPerSecond / ofRequest, Duration.ZERO, MOST_UNDER_WAY);
        try (GateClient client = new GateClient(gate, answers)) {
            loop.run((_, _) -> {
                if (!sentNext(client)) {
                    loop.stop();
                }
            });
        }
        requireAccepted();
    }

    private void requireAccepted() {
        if (failed.get() > 0) {
            throw new Failure("the gate did not accept all events; see its log");
        }
    }

    private void call(GateClient client) {
        try {
            boolean hasMore = true;
            while (hasMore) {
                hasMore = sentNext(client);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers false when there is nothing left to send, or no use in it. */
    private boolean sentNext(GateClient client) throws InterruptedException {
        int request = nextRequest.getAndIncrement();
        if (request * ofRequest >= events || failed.get() > 0) {
            return false;
        }
        if (!sent(client, lines(request))) {
            failed.incrementAndGet();
        }
        return true;
    }

    private static boolean sent(GateClient client, String lines) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            if (client.postLines(lines) == 202) {
                return true;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return false;
    }

    private String lines(int request) {
        SplittableRandom random = new SplittableRandom(request);
        StringBuilder lines = new StringBuilder(ofRequest * 160);
        for (int i = request * ofRequest; i < Math.min(events, (request + 1) * ofRequest); i++) {
            lines.append("{\"messageId\":\"").append(prefix).append('-').append(i);
            lines.append("\",\"accountId\":\"account-").append(random.nextInt(accounts));
            lines.append("\",\"type\":\"credit\",\"amountMinor\":")
                    .append(1 + random.nextInt(100_000));
            lines.append(",\"currency\":\"EUR\",\"occurredAt\":\"2026-01-01T00:00:00Z\"}\n");
        }
        return lines.toString();
    }
}
