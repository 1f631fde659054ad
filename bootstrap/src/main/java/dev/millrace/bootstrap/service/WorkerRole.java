package dev.millrace.bootstrap.service;

import dev.millrace.adapters.postgres.PostgresDatabase;
import dev.millrace.adapters.postgres.PostgresInbox;
import dev.millrace.adapters.postgres.PostgresRecordStore;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.driven.PulsarCursor;
import dev.millrace.adapters.pulsar.driving.LaneState;
import dev.millrace.adapters.pulsar.driving.Lanes;
import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.configuration.SubscriptionSettings;
import dev.millrace.bootstrap.metrics.LaneGauges;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Condition;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driving.PurgeRecords;
import dev.millrace.ports.usecase.EventProcessing;
import dev.millrace.ports.usecase.RecordPurging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The role that applies events, and lets their records go when their time is over. */
final class WorkerRole {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRole.class);
    private static final String LANES = "worker.lanes";
    private static final String DATABASE = "worker.database";

    private final Common common;
    private final Configuration configuration;
    private final PulsarConnection pulsar;
    private final PostgresDatabase database;
    private final Slot lanesSlot;

    /**
     * @param lanesSlot where the lanes go in the order of closing
     */
    WorkerRole(Common common, PulsarConnection pulsar, PostgresDatabase database, Slot lanesSlot) {
        this.common = common;
        this.configuration = common.configuration();
        this.pulsar = pulsar;
        this.database = database;
        this.lanesSlot = lanesSlot;
    }

    /** Starts the lanes of a stream's subscriptions once the schema and the topics are there. */
    <E, S, F> void open(StreamParts<E, S, F> parts) {
        common.readiness()
                .expect(LANES, "waiting for the database's schema and the broker's topics");
        common.readiness().ask(DATABASE, () -> database.condition(DATABASE));
        for (SubscriptionSettings subscription : parts.subscriptions()) {
            SubscriptionId id = configuration.id(subscription);
            common.measurements().expect(id);
            common.background().start("worker-start", () -> work(parts, subscription, id));
            common.background().start("purge-" + id.name(), () -> purge(id));
        }
    }

    private <E, S, F> void work(
            StreamParts<E, S, F> parts, SubscriptionSettings subscription, SubscriptionId id)
            throws InterruptedException {
        awaitStart();
        EventProcessing<E, S, F> processing =
                new EventProcessing<>(
                        id,
                        parts.stream(),
                        new PostgresInbox<>(
                                database, id, subscription.type(), parts.stream(), parts.states()),
                        configuration.outage(),
                        common.clock(),
                        common.random(),
                        common.measurements());
        Lanes<E> lanes =
                Lanes.start(
                        pulsar,
                        id,
                        configuration.lanes(subscription, processName()),
                        parts.stream(),
                        parts.codec(),
                        processing,
                        common.clock());
        lanesSlot.fill(() -> lanes.drain(common.share().get()));
        LaneGauges.register(
                common.metrics().registry(),
                id,
                subscription.lanes(),
                List.of(LaneState.values()),
                lanes::states);
        common.readiness().ask(LANES, () -> condition(lanes, processing));
        common.startup().done(Startup.Step.LANES);
        LOG.info("{} lanes work for {} ({})", subscription.lanes(), id, subscription.type());
    }

    private static Condition condition(Lanes<?> lanes, EventProcessing<?, ?, ?> processing) {
        Condition connected = lanes.condition(LANES);
        return connected.met() && processing.isInterrupted()
                ? Condition.unmet(LANES, "an outage holds the lanes: see the log")
                : connected;
    }

    /**
     * Each process goes at its own time, so that many who started together do not purge together.
     */
    private void purge(SubscriptionId id) throws InterruptedException {
        awaitStart();
        PurgeRecords purge =
                new RecordPurging(
                        id,
                        configuration.purgeHorizon(),
                        configuration.purgeStep(),
                        new PulsarCursor(pulsar, common.clock()),
                        new PostgresRecordStore(database),
                        common.clock());
        while (true) {
            Duration interval = configuration.purgeInterval();
            Thread.sleep(
                    Duration.ofMillis(
                            (long)
                                    (interval.toMillis()
                                            * (0.5 + common.random().getAsDouble() / 2))));
            purgeOnce(id, purge);
        }
    }

    private void purgeOnce(SubscriptionId id, PurgeRecords purge) {
        try {
            long purged = purge.purge();
            if (purged > 0) {
                LOG.info(
                        "let {} records of {} go, older than {}",
                        purged,
                        id,
                        configuration.purgeHorizon());
            }
        } catch (Unavailable outage) {
            LOG.warn("the purge of {} waits for its next time: {}", id, Words.of(outage));
        }
    }

    private void awaitStart() throws InterruptedException {
        common.startup().await(Startup.Step.SCHEMA);
        common.startup().await(Startup.Step.TOPICS);
    }

    /** Told apart by chance too: in containers every process may have the id 1. */
    private static String processName() {
        String chance = UUID.randomUUID().toString().substring(0, 8);
        return "millrace-" + ProcessHandle.current().pid() + "-" + chance;
    }
}
