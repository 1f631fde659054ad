package dev.millrace.ports.fake;

import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.RedrivePace;
import dev.millrace.domain.operations.RedriveTally;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Redrives;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The jobs about what lies in an {@link InMemoryDatabase}. Thread-safe. */
public final class InMemoryRedrives implements Redrives, FinishedRecords {

    private final InMemoryDatabase database;
    private final InMemoryOperations operations;
    private final InstantSource clock;
    private final TreeMap<Long, Redrive> jobs = new TreeMap<>();
    private final Map<Long, Held> held = new HashMap<>();
    private long last;

    /** What only the driver of a job has to know. */
    private static final class Held {
        private final long upTo;
        private final List<QuarantinedEvent> open = new ArrayList<>();
        private long number;
        private Instant until = Instant.MIN;

        Held(long upTo) {
            this.upTo = upTo;
        }
    }

    /** The jobs about the events of these operations, on the same database. */
    public InMemoryRedrives(
            InMemoryDatabase database, InMemoryOperations operations, InstantSource clock) {
        this.database = Objects.requireNonNull(database);
        this.operations = Objects.requireNonNull(operations);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Redrive begin(QuarantineFilter filter, int most, Signature signature) {
        synchronized (database) {
            database.requireAvailable();
            long id = ++last;
            long upTo =
                    operations.list(QuarantineFilter.ANY, 0, Integer.MAX_VALUE).stream()
                            .mapToLong(QuarantinedEvent::id)
                            .max()
                            .orElse(0);
            held.put(id, new Held(upTo));
            Redrive job =
                    new Redrive(
                            id,
                            Redrive.State.RUNNING,
                            filter,
                            signature,
                            most,
                            RedrivePace.FIRST,
                            new RedriveTally(0, 0, 0, matching(filter, upTo).size()),
                            clock.instant(),
                            Instant.MAX,
                            "");
            jobs.put(id, job);
            audit("redrive", signature, job);
            return job;
        }
    }

    @Override
    public List<Redrive> list(long after, int limit) {
        synchronized (database) {
            database.requireAvailable();
            return jobs.tailMap(after, false).values().stream().limit(limit).toList();
        }
    }

    @Override
    public Optional<Redrive> find(long id) {
        synchronized (database) {
            database.requireAvailable();
            return Optional.ofNullable(jobs.get(id));
        }
    }

    @Override
    public Cancelling<Redrive> cancel(long id, Signature signature) {
        synchronized (database) {
            database.requireAvailable();
            Redrive job = jobs.get(id);
            if (job == null) {
                return new Cancelling.Unknown<>();
            }
            if (job.state() != Redrive.State.RUNNING) {
                return new Cancelling.Ended<>(job);
            }
            audit("cancel", signature, job);
            return new Cancelling.Cancelled<>(
                    end(job, Redrive.State.CANCELLED, "cancelled by " + signature.by()));
        }
    }

    @Override
    public Optional<Lease> take(String holder, Duration term) {
        synchronized (database) {
            database.requireAvailable();
            Instant now = clock.instant();
            for (Redrive job : jobs.values()) {
                Held lease = held(job.id());
                if (job.state() == Redrive.State.RUNNING && lease.until.isBefore(now)) {
                    lease.number++;
                    lease.until = now.plus(term);
                    return Optional.of(new Lease(job.id(), lease.number, job.signature()));
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public Advance advance(Lease lease, Duration term, Function<Redrive, RedrivePace.Next> policy) {
        synchronized (database) {
            Optional<Redrive> running = running(lease);
            if (running.isEmpty()) {
                return new Advance(false, List.of());
            }
            Held driven = held(lease.redrive());
            List<QuarantinedEvent> left = matching(running.get().filter(), driven.upTo);
            Redrive job = put(running.get(), running.get().pace(), count(running.get(), left));
            return switch (policy.apply(job)) {
                case RedrivePace.Next.Go(RedrivePace pace, int wanted) -> {
                    driven.until = clock.instant().plus(term);
                    Redrive _ = put(job, pace, job.tally());
                    yield new Advance(
                            true, left.stream().limit(wanted).map(QuarantinedEvent::id).toList());
                }
                case RedrivePace.Next.Stop(String why) -> {
                    Redrive _ = end(job, Redrive.State.STOPPED, why);
                    yield new Advance(false, List.of());
                }
                case RedrivePace.Next.Done() -> {
                    Redrive _ = end(job, Redrive.State.DONE, "nothing is left to retry");
                    yield new Advance(false, List.of());
                }
            };
        }
    }

    @Override
    public boolean retry(Lease lease, long quarantineId) {
        synchronized (database) {
            Optional<Redrive> running = running(lease);
            if (running.isEmpty()) {
                return false;
            }
            Retrial retrial =
                    operations.retry(
                            quarantineId,
                            lease.signature(),
                            Map.of("redriveId", Long.toString(lease.redrive())));
            if (retrial instanceof Retrial.Parked(QuarantinedEvent event)) {
                held(lease.redrive()).open.add(event);
                RedriveTally before = running.get().tally();
                Redrive _ =
                        put(
                                running.get(),
                                running.get().pace(),
                                new RedriveTally(
                                        before.retried() + 1,
                                        before.succeeded(),
                                        before.failed(),
                                        Math.max(0, before.remaining() - 1)));
            }
            return true;
        }
    }

    @Override
    public int purge(Instant endedBefore, int limit) {
        synchronized (database) {
            database.requireAvailable();
            List<Long> old =
                    jobs.values().stream()
                            .filter(job -> job.endedAt().isBefore(endedBefore))
                            .map(Redrive::id)
                            .limit(limit)
                            .toList();
            old.forEach(jobs::remove);
            old.forEach(held::remove);
            return old.size();
        }
    }

    private Optional<Redrive> running(Lease lease) {
        database.requireAvailable();
        return Optional.ofNullable(jobs.get(lease.redrive()))
                .filter(job -> job.state() == Redrive.State.RUNNING)
                .filter(job -> held(job.id()).number == lease.number());
    }

    private Held held(long id) {
        return Objects.requireNonNull(held.get(id));
    }

    /** In the order of their places. */
    private List<QuarantinedEvent> matching(QuarantineFilter filter, long upTo) {
        return operations.list(filter, 0, Integer.MAX_VALUE).stream()
                .filter(QuarantinedEvent::isRetriable)
                .filter(event -> event.id() <= upTo)
                .sorted(Comparator.comparingLong(operations::place))
                .toList();
    }

    private RedriveTally count(Redrive job, List<QuarantinedEvent> left) {
        long succeeded = job.tally().succeeded();
        long failed = job.tally().failed();
        List<QuarantinedEvent> open = held(job.id()).open;
        for (QuarantinedEvent event : List.copyOf(open)) {
            String state = operations.stateOf(event);
            if (state.equals("applied") || state.equals("rejected")) {
                succeeded++;
                open.remove(event);
            } else if (!state.equals("parked") || operations.attemptsSince(event) > 0) {
                failed++;
                open.remove(event);
            }
        }
        return new RedriveTally(job.tally().retried(), succeeded, failed, left.size());
    }

    private Redrive put(Redrive job, RedrivePace pace, RedriveTally tally) {
        Redrive changed =
                new Redrive(
                        job.id(),
                        job.state(),
                        job.filter(),
                        job.signature(),
                        job.most(),
                        pace,
                        tally,
                        job.startedAt(),
                        job.endedAt(),
                        job.detail());
        jobs.put(job.id(), changed);
        return changed;
    }

    private Redrive end(Redrive job, Redrive.State state, String detail) {
        Redrive ended =
                new Redrive(
                        job.id(),
                        state,
                        job.filter(),
                        job.signature(),
                        job.most(),
                        job.pace(),
                        job.tally(),
                        job.startedAt(),
                        clock.instant(),
                        detail);
        jobs.put(job.id(), ended);
        return ended;
    }

    private void audit(String act, Signature signature, Redrive job) {
        operations.audit(
                act,
                signature,
                job.filter().stream(),
                job.filter().subscription(),
                job.filter().key(),
                job.filter().messageId(),
                Map.of("redriveId", Long.toString(job.id())));
    }
}
