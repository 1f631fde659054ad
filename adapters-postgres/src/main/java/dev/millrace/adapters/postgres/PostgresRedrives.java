package dev.millrace.adapters.postgres;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.RedrivePace;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Redrives;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The jobs of one tenant's namespace. Whoever writes about a job holds its row, and a driver finds
 * it only with the number of its lease; then a retry takes its locks as any other does.
 * Thread-safe.
 */
public final class PostgresRedrives implements Redrives, FinishedRecords {

    private final PostgresDatabase database;
    private final PostgresQuarantine quarantine;
    private final Tenant tenant;
    private final Namespace namespace;

    /** The jobs about this tenant's streams in this namespace. */
    public PostgresRedrives(PostgresDatabase database, Tenant tenant, Namespace namespace) {
        this.database = Objects.requireNonNull(database);
        this.quarantine = new PostgresQuarantine(database, tenant, namespace);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
    }

    @Override
    public Redrive begin(QuarantineFilter filter, int most, Signature signature) {
        return new Acts(database, "a redrive")
                .run(connection -> {
                    QuarantineTables events = new QuarantineTables(connection, tenant, namespace);
                    RedriveTables jobs = jobs(connection);
                    long upTo = events.last();
                    long matching = events.retriable(filter, upTo);
                    long id = jobs.add(filter, most, upTo, matching, signature);
                    Redrive job = jobs.find(id).orElseThrow();
                    jobs.log(
                            "redrive",
                            signature,
                            job,
                            Map.of(
                                    "events",
                                    Long.toString(matching),
                                    "rate",
                                    Integer.toString(most),
                                    "reason",
                                    filter.reason(),
                                    "cause",
                                    filter.cause(),
                                    "since",
                                    filter.since().toString(),
                                    "until",
                                    filter.until().toString()));
                    return job;
                });
    }

    @Override
    public List<Redrive> list(long after, int limit) {
        return database.read(
                "the list of redrives", connection -> jobs(connection).list(after, limit));
    }

    @Override
    public Optional<Redrive> find(long id) {
        return database.read("a redrive", connection -> jobs(connection).find(id));
    }

    @Override
    public Cancelling<Redrive> cancel(long id, Signature signature) {
        return new Acts(database, "the end of a redrive")
                .run(connection -> jobs(connection).cancel(id, signature));
    }

    @Override
    public Optional<Lease> take(String holder, Duration term) {
        return new Acts(database, "the lease of a redrive")
                .run(connection -> jobs(connection).take(holder, term));
    }

    @Override
    public Advance advance(Lease lease, Duration term, Function<Redrive, RedrivePace.Next> policy) {
        return new Acts(database, "a redrive's next step")
                .run(connection -> {
                    Optional<RedriveTables.Driven> job = jobs(connection).hold(lease);
                    return job.isEmpty()
                            ? new Advance(false, List.of())
                            : advance(connection, job.get(), term, policy);
                });
    }

    private Advance advance(
            Connection connection,
            RedriveTables.Driven before,
            Duration term,
            Function<Redrive, RedrivePace.Next> policy)
            throws SQLException {
        QuarantineTables events = new QuarantineTables(connection, tenant, namespace);
        RedriveTables jobs = jobs(connection);
        long id = before.redrive().id();
        QuarantineFilter filter = before.redrive().filter();
        jobs.count(id, events.retriable(filter, before.upTo()));
        return switch (policy.apply(jobs.find(id).orElseThrow())) {
            case RedrivePace.Next.Go(RedrivePace pace, int wanted) -> {
                jobs.goOn(id, pace, term);
                yield new Advance(true, events.nextRetriable(filter, before.upTo(), wanted));
            }
            case RedrivePace.Next.Stop(String why) -> {
                jobs.end(id, Redrive.State.STOPPED.word(), why);
                yield new Advance(false, List.of());
            }
            case RedrivePace.Next.Done() -> {
                jobs.end(id, Redrive.State.DONE.word(), "nothing is left to retry");
                yield new Advance(false, List.of());
            }
        };
    }

    @Override
    public boolean retry(Lease lease, long quarantineId) {
        return new Acts(database, "a redrive's retry")
                .run(connection -> {
                    if (jobs(connection).hold(lease).isEmpty()) {
                        return false;
                    }
                    Retrial retrial =
                            quarantine.retry(
                                    connection,
                                    quarantineId,
                                    lease.signature(),
                                    Map.of("redriveId", Long.toString(lease.redrive())));
                    if (retrial instanceof Retrial.Parked(QuarantinedEvent event)) {
                        jobs(connection).note(lease.redrive(), event);
                    }
                    return true;
                });
    }

    @Override
    public int purge(Instant endedBefore, int limit) {
        return new Acts(database, "the purge of redrives")
                .run(connection -> jobs(connection).purge(endedBefore, limit));
    }

    private RedriveTables jobs(Connection connection) {
        return new RedriveTables(connection, tenant, namespace);
    }
}
