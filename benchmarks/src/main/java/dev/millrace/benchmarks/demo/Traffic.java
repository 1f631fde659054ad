package dev.millrace.benchmarks.demo;

import dev.millrace.benchmarks.load.GateClient;
import dev.millrace.benchmarks.load.LedgerTraffic;
import dev.millrace.benchmarks.load.OpenLoop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The sample traffic while it runs, and what its sender sees. */
public final class Traffic implements AutoCloseable {

    /** A JVM that has just started answers its first requests slowly. */
    private static final Duration RAMP = Duration.ofSeconds(5);

    private static final int MOST_UNDER_WAY = 2_000;
    private static final int PROBES_PER_SECOND = 25;
    private static final long PROBE_STEP_MILLIS = 2;
    private static final long PROBE_PATIENCE_NANOS = 60_000_000_000L;

    private final LedgerTraffic events;
    private final GateClient gate;
    private final OpenLoop loop;
    private final long probeEvery;
    private final Window toReceipt = new Window(WINDOW);
    private final Window toEffect = new Window(WINDOW);
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong invalid = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Thread thread;

    /** How many seconds the shown latencies cover. */
    public static final int WINDOW = 5;

    private Traffic(LedgerTraffic events, GateClient gate, double perSecond) {
        this.events = events;
        this.gate = gate;
        this.loop = new OpenLoop(perSecond, RAMP, MOST_UNDER_WAY);
        this.probeEvery = Math.max(1, Math.round(perSecond / PROBES_PER_SECOND));
        this.thread = Thread.ofPlatform().name("traffic").unstarted(this::run);
    }

    /** Starts sending. */
    public static Traffic start(LedgerTraffic events, GateClient gate, double perSecond) {
        Traffic traffic = new Traffic(events, gate, perSecond);
        traffic.thread.start();
        return traffic;
    }

    private void run() {
        try {
            loop.run(this::send);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(long index, long intendedNanos) throws InterruptedException {
        LedgerTraffic.Sample sample = events.next();
        int status = gate.post(sample.json());
        switch (status) {
            case 202 -> {
                accepted.incrementAndGet();
                toReceipt.record(System.nanoTime() - intendedNanos);
                events.accepted(sample);
                if (index % probeEvery == 0 && sample.purpose() == LedgerTraffic.Purpose.FRESH) {
                    awaitEffect(sample, intendedNanos);
                }
            }
            case 400 -> invalid.incrementAndGet();
            case 0, 504 -> unknown.incrementAndGet();
            default -> refused.incrementAndGet();
        }
    }

    private void awaitEffect(LedgerTraffic.Sample sample, long intendedNanos)
            throws InterruptedException {
        while (!gate.hasOutcome(sample.messageId())) {
            if (System.nanoTime() - intendedNanos > PROBE_PATIENCE_NANOS) {
                break;
            }
            Thread.sleep(PROBE_STEP_MILLIS);
        }
        toEffect.record(System.nanoTime() - intendedNanos);
    }

    /** Latencies until the 202, of the last seconds; call it once a second. */
    public Latencies receiptLatencies() {
        return toReceipt.next();
    }

    /** Latencies until the effect could be read, of the last seconds; call it once a second. */
    public Latencies effectLatencies() {
        return toEffect.next();
    }

    /** Answers of 202. */
    public long accepted() {
        return accepted.get();
    }

    /** Answers of 400. */
    public long invalid() {
        return invalid.get();
    }

    /** Requests of which nobody knows whether they were stored. */
    public long unknown() {
        return unknown.get();
    }

    /** Requests that were surely not stored, other than for what they said. */
    public long refused() {
        return refused.get();
    }

    /** Sends nothing more, and waits for what is under way. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
