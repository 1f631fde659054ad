package dev.millrace.e2e;

import dev.millrace.adapters.http.Contract;
import dev.millrace.adapters.http.Exchange;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Callers who keep the connection that they have until an answer says that it is the last one, and
 * then open another, as clients and balancers do. Each event is sent once, whatever comes of it.
 */
final class RegularCallers implements AutoCloseable {

    /** Between two requests of a caller, at most: its connection is idle for a while. */
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    private final Supplier<URI> gate;
    private final String prefix;
    private final List<CompletableFuture<Void>> calling = new ArrayList<>();
    private final Statuses statuses = new Statuses();
    private final Queue<String> losses = new ConcurrentLinkedQueue<>();
    private final AtomicInteger farewells = new AtomicInteger();
    private volatile boolean running = true;

    /**
     * @param gate asked for each new connection
     * @param prefix of the message IDs and accounts
     */
    RegularCallers(Supplier<URI> gate, String prefix) {
        this.gate = gate;
        this.prefix = prefix;
    }

    /** Starts so many. */
    RegularCallers start(int callers) {
        for (int caller = 0; caller < callers; caller++) {
            String name = prefix + "-" + caller;
            calling.add(CompletableFuture.runAsync(() -> call(name), Thread::startVirtualThread));
        }
        return this;
    }

    private void call(String name) {
        int sent = 0;
        while (running) {
            String id = name + "-" + sent;
            try (KeptConnection connection = new KeptConnection(gate.get())) {
                boolean isLast = false;
                while (running && !isLast) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE_NANOS));
                    id = name + "-" + sent++;
                    isLast = post(connection, id);
                }
            } catch (IOException lost) {
                statuses.put(id, 0);
                losses.add(Instant.now() + " " + id + ": " + lost + ", " + lost.getCause());
                sent++;
            }
        }
    }

    /** Whether the answer is the last one on its connection. */
    private boolean post(KeptConnection connection, String id) throws IOException {
        Exchange exchange = connection.post(Prober.report(id));
        statuses.put(id, exchange.status());
        Contract.ofTheGate().judge(exchange);
        boolean isLast = exchange.header("Connection").equals("close");
        if (isLast) {
            farewells.incrementAndGet();
        }
        return isLast;
    }

    /** Ends them and waits for their last answers. */
    void stop() {
        running = false;
        calling.forEach(CompletableFuture::join);
    }

    /** Which event was answered how. */
    Statuses statuses() {
        return statuses;
    }

    /** What became of the requests that had no answer, for a person. */
    Queue<String> losses() {
        return losses;
    }

    /** How many connections ended with an answer that said so. */
    int farewells() {
        return farewells.get();
    }

    /** Ends them in the midst of a failure, too. */
    @Override
    public void close() {
        running = false;
    }
}
