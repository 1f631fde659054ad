package dev.millrace.bootstrap.service;

import dev.millrace.adapters.http.operations.AuditRoutes;
import dev.millrace.adapters.http.operations.EditRoutes;
import dev.millrace.adapters.http.operations.LaneRoutes;
import dev.millrace.adapters.http.operations.LifeRoutes;
import dev.millrace.adapters.http.operations.OperationRoute;
import dev.millrace.adapters.http.operations.ParkedRoutes;
import dev.millrace.adapters.http.operations.QuarantineRoutes;
import dev.millrace.adapters.http.operations.RedriveRoutes;
import dev.millrace.adapters.http.operations.StreamEdits;
import dev.millrace.adapters.postgres.PostgresAuditLog;
import dev.millrace.adapters.postgres.PostgresDatabase;
import dev.millrace.adapters.postgres.PostgresLaneBoard;
import dev.millrace.adapters.postgres.PostgresMessageArchive;
import dev.millrace.adapters.postgres.PostgresParkedKeys;
import dev.millrace.adapters.postgres.PostgresQuarantine;
import dev.millrace.adapters.postgres.PostgresRedrives;
import dev.millrace.adapters.postgres.PostgresReplays;
import dev.millrace.adapters.postgres.StateStore;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.adapters.pulsar.driven.PulsarDecoder;
import dev.millrace.adapters.pulsar.driven.PulsarEncoder;
import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.metrics.PurgeMeters;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.driving.PurgeRecords;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Quarantine;
import dev.millrace.ports.operations.driving.DriveRedrives;
import dev.millrace.ports.usecase.operations.EventEditing;
import dev.millrace.ports.usecase.operations.EventTranscribing;
import dev.millrace.ports.usecase.operations.FinishedRecordPurging;
import dev.millrace.ports.usecase.operations.LifeTelling;
import dev.millrace.ports.usecase.operations.Redriving;
import dev.millrace.ports.usecase.operations.UnattendedDiscarding;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What people do about failed events, in every process that has the database. */
final class Operations {

    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    /** A bug is not met again at once. */
    private static final Duration AFTER_BUG = Duration.ofSeconds(10);

    /** Each is one transaction; so many are looked at together. */
    private static final int DISCARDED_AT_ONCE = 100;

    private final Common common;
    private final PostgresDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;
    private final Quarantine quarantine;
    private final PostgresRedrives redrives;
    private final PostgresAuditLog auditLog;

    Operations(Common common, PostgresDatabase database) {
        this.common = common;
        this.database = database;
        this.tenant = common.configuration().tenant();
        this.namespace = common.configuration().namespace();
        this.quarantine =
                common.spans().quarantine(new PostgresQuarantine(database, tenant, namespace));
        this.redrives = new PostgresRedrives(database, tenant, namespace);
        this.auditLog = new PostgresAuditLog(database, tenant, namespace);
    }

    /** How the events of a stream are read and edited, which takes the broker for its schemas. */
    <E> StreamEdits<E> edits(StreamParts<E, ?, ?> parts, PulsarConnection pulsar) {
        TopicName topic = new TopicName(tenant, namespace, parts.stream().name());
        return new StreamEdits<>(
                parts.stream().name(),
                parts.reader(),
                parts.writer(),
                new EventTranscribing<>(
                        new PulsarDecoder<>(pulsar, topic, parts.codec()), quarantine),
                new EventEditing<>(
                        parts.stream(),
                        new PulsarEncoder<>(pulsar, topic, parts.codec()),
                        quarantine));
    }

    /** What happened to the events of a stream, as all its tables tell. */
    LifeRoutes lives(StreamParts<?, ?, ?> parts, Map<SubscriptionId, StateStore<?, ?, ?>> effects) {
        return new LifeRoutes(
                new LifeTelling(new PostgresMessageArchive(database, tenant, namespace, effects)),
                List.of(parts.stream().name()));
    }

    /**
     * What to serve.
     *
     * @param edits how events are edited; none where there is no broker
     * @param lives what happened to an event
     */
    List<OperationRoute> routes(List<StreamEdits<?>> edits, LifeRoutes lives) {
        var parked = new PostgresParkedKeys(database, tenant, namespace);
        List<OperationRoute> routes = new ArrayList<>();
        routes.addAll(
                new QuarantineRoutes(
                                quarantine::list,
                                quarantine::causes,
                                quarantine::show,
                                quarantine::retry,
                                quarantine::discard)
                        .routes());
        if (!edits.isEmpty()) {
            routes.addAll(new EditRoutes(quarantine::show, edits).routes());
        }
        routes.addAll(new ParkedRoutes(parked::list, parked::release).routes());
        routes.addAll(
                new RedriveRoutes(redrives::begin, redrives::list, redrives::find, redrives::cancel)
                        .routes());
        var lanes = new PostgresLaneBoard(database, tenant, namespace);
        routes.addAll(new LaneRoutes(lanes::overview, lanes::pause, lanes::resume).routes());
        routes.addAll(new AuditRoutes(auditLog::read).routes());
        routes.addAll(lives.routes());
        return routes;
    }

    /** Drives jobs, and lets go what is finished, once the schema is there. */
    void start() {
        DriveRedrives driving =
                new Redriving(
                        common.spans().redrives(redrives, quarantine),
                        common.process(),
                        common.configuration().outage().backoff(),
                        common.random());
        common.background().start("redrive", () -> drive(driving));
        startPurges();
    }

    private void startPurges() {
        Configuration configuration = common.configuration();
        int step = configuration.purgeStep();
        configuration
                .auditLogRetention()
                .ifPresent(retention ->
                        startPurge(
                                "audit-log",
                                "acts of the audit log",
                                finished(retention, step, auditLog)));
        configuration
                .jobsRetention()
                .ifPresent(retention -> {
                    startPurge(
                            "redrives",
                            "rows of ended redrives",
                            finished(retention, step, redrives));
                    startPurge(
                            "replays",
                            "rows of ended replays",
                            finished(
                                    retention,
                                    step,
                                    new PostgresReplays(database, tenant, namespace)));
                });
        configuration
                .discardAfter()
                .ifPresent(patience ->
                        startPurge(
                                "unattended",
                                "unattended events in quarantine",
                                new UnattendedDiscarding(
                                        patience, DISCARDED_AT_ONCE, quarantine, common.clock())));
    }

    private PurgeRecords finished(Duration retention, int step, FinishedRecords records) {
        return new FinishedRecordPurging(retention, step, records, common.clock());
    }

    private void startPurge(String kind, String what, PurgeRecords purge) {
        Purge purging =
                new Purge(
                        what,
                        purge,
                        new PurgeMeters(common.metrics().registry(), kind),
                        common.configuration().purgeInterval(),
                        common.clock(),
                        common.random());
        common.background()
                .start(
                        "purge-" + kind,
                        () -> {
                            common.startup().await(Startup.Step.SCHEMA);
                            purging.run();
                        });
    }

    private void drive(DriveRedrives driving) throws InterruptedException {
        common.startup().await(Startup.Step.SCHEMA);
        while (true) {
            Thread.sleep(driveOnce(driving));
        }
    }

    private static Duration driveOnce(DriveRedrives driving) {
        try {
            return driving.drive();
        } catch (RuntimeException bug) {
            LOG.error("a redrive could not go on", bug);
            return AFTER_BUG;
        }
    }
}
