package dev.millrace.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Sends slice after slice, at a bounded pace, until it is told to stop. */
final class Traffic implements AutoCloseable {

    private static final int SLICE = 150;

    /** Of a slice that leaves most of the machine to others. */
    static final int FEW = 45;

    private static final Duration PACE = Duration.ofMillis(300);

    private final Iterator<Report> reports;
    private final OrderedSender sender;
    private final int size;
    private final List<Report> sent = new ArrayList<>();
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    private volatile boolean stopped;

    private Traffic(Stream<Report> reports, OrderedSender sender, int size) {
        this.reports = reports.iterator();
        this.sender = sender;
        this.size = size;
    }

    /**
     * @param reports as many as it may take, best without end
     */
    static Traffic start(Stream<Report> reports, OrderedSender sender) {
        return start(reports, sender, SLICE);
    }

    /**
     * @param size events of a slice, of which there are some three a second
     */
    static Traffic start(Stream<Report> reports, OrderedSender sender, int size) {
        Traffic traffic = new Traffic(reports, sender, size);
        traffic.running = CompletableFuture.runAsync(traffic::run, Thread::startVirtualThread);
        return traffic;
    }

    private void run() {
        while (!stopped && reports.hasNext()) {
            long next = System.nanoTime() + PACE.toNanos();
            List<Report> slice = new ArrayList<>(size);
            while (slice.size() < size && reports.hasNext()) {
                slice.add(reports.next());
            }
            sender.send(slice);
            synchronized (sent) {
                sent.addAll(slice);
            }
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** What has been accepted, in order; the slice that is under way is not in it. */
    List<Report> sent() {
        synchronized (sent) {
            return List.copyOf(sent);
        }
    }

    /** The last accepted message ID of each account. */
    Map<String, String> lastOfEachAccount() {
        Map<String, String> last = new HashMap<>();
        sent().forEach(report -> last.put(report.accountId(), report.messageId()));
        return last;
    }

    /** Ends it and answers all that was sent, which was all accepted. */
    List<Report> stop() {
        stopped = true;
        running.join();
        return sent();
    }

    /** Ends it in the midst of a failure, too, which it does not hide. */
    @Override
    public void close() {
        stopped = true;
    }
}
