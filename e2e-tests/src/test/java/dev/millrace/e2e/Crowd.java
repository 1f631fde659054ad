package dev.millrace.e2e;

import dev.millrace.adapters.http.Contract;
import dev.millrace.adapters.http.Exchange;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Very many callers, each on a connection of its own that stays open, who send at the times that
 * were set before, however slow the answers are. So an answer's time counts from when it was meant
 * to be asked for, and a server that stalls does not slow its own test down.
 */
final class Crowd {

    private final URI gate;
    private final String prefix;
    private final int callers;
    private final Duration interval;
    private final Duration length;
    private final ConcurrentLinkedQueue<Answered> answers = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
    private Duration took = Duration.ZERO;

    /**
     * @param prefix of its message IDs and accounts
     * @param interval between two requests of one caller
     */
    Crowd(URI gate, String prefix, int callers, Duration interval, Duration length) {
        this.gate = gate;
        this.prefix = prefix;
        this.callers = callers;
        this.interval = interval;
        this.length = length;
    }

    /**
     * One request's end.
     *
     * @param status 0 when the connection broke
     * @param retryAfter the header, empty without
     * @param millis since the request was to be sent
     */
    record Answered(String messageId, int status, String retryAfter, long millis) {

        boolean isAcceptance() {
            return status == 202;
        }

        boolean isRefusal() {
            return status == 429 || status == 503;
        }
    }

    /** Opens all connections, then sends everything, and returns when all is answered. */
    void run() throws IOException, InterruptedException {
        List<KeptConnection> connections = new ArrayList<>(callers);
        for (int caller = 0; caller < callers; caller++) {
            connections.add(new KeptConnection(gate));
        }
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>(callers);
        for (int caller = 0; caller < callers; caller++) {
            int number = caller;
            threads.add(
                    Thread.ofVirtual().start(() -> call(connections.get(number), number, start)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        took = Duration.ofNanos(System.nanoTime() - start);
    }

    private void call(KeptConnection connection, int caller, long start) {
        // Spread over the interval, so that the load is even.
        long first = start + interval.toNanos() * caller / callers;
        String id = "";
        try (connection) {
            for (int sent = 0; interval.multipliedBy(sent).compareTo(length) < 0; sent++) {
                long due = first + interval.multipliedBy(sent).toNanos();
                awaitTime(due);
                id = prefix + "-" + caller + "-" + sent;
                Exchange exchange = connection.post(Prober.report(id));
                long millis = (System.nanoTime() - due) / 1_000_000;
                exchanges.add(exchange);
                answers.add(
                        new Answered(
                                id, exchange.status(), exchange.header("Retry-After"), millis));
            }
        } catch (IOException broken) {
            answers.add(new Answered(id, 0, "", 0));
        }
    }

    /** A thread may be woken before its time. */
    private static void awaitTime(long nanoTime) {
        for (long left = nanoTime - System.nanoTime();
                left > 0;
                left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /**
     * Holds each answer against the contract of the gate: only once everything is measured, since
     * it takes its time.
     */
    void judge() {
        exchanges.forEach(Contract.ofTheGate()::judge);
    }

    /** Those answers that are so. */
    List<Answered> answers(Predicate<Answered> so) {
        return answers.stream().filter(so).toList();
    }

    /** How many requests a second were answered so. */
    double rate(Predicate<Answered> so) {
        return answers(so).size() / (took.toMillis() / 1000.0);
    }

    /** The time within which this share of such answers was there, in milliseconds. */
    long percentile(double share, Predicate<Answered> so) {
        long[] sorted = answers.stream().filter(so).mapToLong(Answered::millis).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /** How many requests came to which status. */
    Map<Integer, Long> statuses() {
        return answers.stream()
                .collect(
                        Collectors.groupingBy(
                                Answered::status, TreeMap::new, Collectors.counting()));
    }
}
