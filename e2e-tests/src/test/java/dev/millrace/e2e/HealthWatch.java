package dev.millrace.e2e;

import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Asks a service for its health again and again, and remembers how long it took. */
final class HealthWatch implements AutoCloseable {

    private static final long PAUSE_NANOS = 100_000_000;

    private final Supplier<URI> management;
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final Queue<Long> millis = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean running = true;

    HealthWatch(Supplier<URI> management) {
        this.management = management;
        this.thread = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        while (running) {
            for (String path : new String[] {"live", "ready"}) {
                long asked = System.nanoTime();
                int status = Http.get(management.get().resolve("/health/" + path)).status();
                millis.add((System.nanoTime() - asked) / 1_000_000);
                answers.merge(path + " " + status, 1, Integer::sum);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** How often which path was answered with which status, such as {@code live 200}. */
    Map<String, Integer> answers() {
        return new TreeMap<>(answers);
    }

    /** How long the slowest answer took. */
    long slowestMillis() {
        return millis.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
