package dev.millrace.e2e;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A careful caller: keeps the order of each account, sends again under the same message IDs what
 * was not accepted, and remembers each answer.
 */
final class OrderedSender {

    private static final int BATCH = 40;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Supplier<URI> gate;
    private final int workers;
    private final Duration patience;
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    private final Set<String> missingRetryAfter = ConcurrentHashMap.newKeySet();

    /**
     * @param gate asked before each request, since a service may come back elsewhere
     */
    OrderedSender(Supplier<URI> gate, int workers) {
        this(gate, workers, PATIENCE);
    }

    /**
     * @param patience for the slowest of what is sent at once
     */
    OrderedSender(Supplier<URI> gate, int workers, Duration patience) {
        this.gate = gate;
        this.workers = workers;
        this.patience = patience;
    }

    /** Sends all of it and returns when everything was accepted. */
    void send(List<Report> reports) {
        List<Deque<Report>> shares = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            shares.add(new ArrayDeque<>());
        }
        reports.forEach(report ->
                shares.get(Math.floorMod(report.accountId().hashCode(), workers)).add(report));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            shares.forEach(share -> running.add(executor.submit(() -> sendShare(share))));
            for (Future<?> worker : running) {
                worker.get();
            }
        } catch (ExecutionException failure) {
            throw new IllegalStateException("sending failed", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Message IDs that were answered 202. */
    Set<String> accepted() {
        return accepted;
    }

    /** Message IDs that were answered 504 at least once. */
    Set<String> unknown() {
        return unknown;
    }

    /** How many requests came to which status; 0 for none. */
    Map<Integer, Integer> statuses() {
        return statuses.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get()));
    }

    /** Answers of 429 or 503 that did not say when to come back. */
    Set<String> missingRetryAfter() {
        return missingRetryAfter;
    }

    private void sendShare(Deque<Report> share) {
        Instant deadline = Instant.now().plus(patience);
        while (!share.isEmpty()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("not accepted in time: " + share.peek());
            }
            List<Report> batch = new ArrayList<>(BATCH);
            while (batch.size() < BATCH && !share.isEmpty()) {
                batch.add(share.poll());
            }
            List<Report> again = post(batch);
            again.reversed().forEach(share::addFirst);
            if (!again.isEmpty()) {
                LockSupport.parkNanos(
                        Duration.ofMillis(ThreadLocalRandom.current().nextLong(20, 120)).toNanos());
            }
        }
    }

    /** Posts a batch and answers what has to be sent again, in order. */
    private List<Report> post(List<Report> batch) {
        String body = batch.stream().map(Report::json).collect(Collectors.joining("\n"));
        Http.Answer answer;
        try {
            answer =
                    Http.post(
                            gate.get().resolve("/v1/streams/ledger-entries/events"),
                            "application/x-ndjson",
                            body);
        } catch (RuntimeException notThere) {
            answer = Http.Answer.NONE;
        }
        statuses.computeIfAbsent(answer.status(), status -> new AtomicInteger()).incrementAndGet();
        if ((answer.status() == 429 || answer.status() == 503) && answer.retryAfter().isEmpty()) {
            missingRetryAfter.add(answer.body());
        }
        JsonNode items =
                answer.status() == 0 || answer.body().isEmpty() ? null : answer.json().get("items");
        if (items == null) {
            return batch;
        }
        List<Report> again = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            String messageId = batch.get(i).messageId();
            switch (items.get(i).get("status").asInt()) {
                case 202 -> accepted.add(messageId);
                case 504 -> {
                    unknown.add(messageId);
                    again.add(batch.get(i));
                }
                default -> again.add(batch.get(i));
            }
        }
        return again;
    }
}
