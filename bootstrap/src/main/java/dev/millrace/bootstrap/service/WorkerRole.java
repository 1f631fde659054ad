package dev.millrace.bootstrap.service;

import dev.millrace.adapters.postgres.PostgresCrashRecords;
import dev.millrace.adapters.postgres.PostgresDatabase;
import dev.millrace.adapters.postgres.PostgresInbox;
import dev.millrace.adapters.postgres.PostgresLaneBoard;
import dev.millrace.adapters.postgres.PostgresOutbox;
import dev.millrace.adapters.postgres.PostgresParkedEvents;
import dev.millrace.adapters.postgres.PostgresRecordStore;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.adapters.pulsar.driven.PulsarCursor;
import dev.millrace.adapters.pulsar.driven.PulsarDeadLetters;
import dev.millrace.adapters.pulsar.driven.PulsarDecoder;
import dev.millrace.adapters.pulsar.driving.Lanes;
import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.configuration.SubscriptionSettings;
import dev.millrace.bootstrap.metrics.LaneGauges;
import dev.millrace.bootstrap.metrics.OutboxGauges;
import dev.millrace.bootstrap.metrics.ParkedGauges;
import dev.millrace.bootstrap.metrics.PurgeMeters;
import dev.millrace.bootstrap.metrics.Unmeasured;
import dev.millrace.bootstrap.status.SubscriptionSources;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.Condition;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driving.CheckPause;
import dev.millrace.ports.driving.ReleaseEvents;
import dev.millrace.ports.usecase.DeadLetterRelaying;
import dev.millrace.ports.usecase.DecisionMaking;
import dev.millrace.ports.usecase.EventProcessing;
import dev.millrace.ports.usecase.EventReleasing;
import dev.millrace.ports.usecase.ParkingSpace;
import dev.millrace.ports.usecase.RecordPurging;
import dev.millrace.ports.usecase.operations.LaneReporting;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;

/** The role that applies events, and lets their records go when their time is over. */
final class WorkerRole {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRole.class);
    private static final String LANES = "worker.lanes";
    private static final String PAUSE = "worker.pause";
    private static final String DATABASE = "worker.database";

    private final Common common;
    private final Configuration configuration;
    private final PulsarConnection pulsar;
    private final PostgresDatabase database;
    private final Slot lanesSlot;
    private final String process;
    private final PurgeMeters purged;

    /**
     * @param lanesSlot where the lanes go in the order of closing
     */
    WorkerRole(Common common, PulsarConnection pulsar, PostgresDatabase database, Slot lanesSlot) {
        this.common = common;
        this.configuration = common.configuration();
        this.pulsar = pulsar;
        this.database = database;
        this.lanesSlot = lanesSlot;
        this.process = common.process();
        this.purged = new PurgeMeters(common.metrics().registry(), "records");
    }

    /** Starts the lanes of a stream's subscriptions once the schema and the topics are there. */
    <E, S, F> void open(StreamParts<E, S, F> parts) {
        common.readiness()
                .expect(LANES, "waiting for the database's schema and the broker's topics");
        common.readiness().expect(PAUSE, "nobody knows yet whether people want the lanes to pause");
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
        LaneReporting reporting = learnWishes(id);
        ParkingSpace space = new ParkingSpace(configuration.parking());
        DecisionMaking<E, S, F> decisions =
                new DecisionMaking<>(
                        parts.stream(),
                        subscription.type(),
                        configuration.failures(),
                        common.decisions(),
                        configuration.decisionTimeout(),
                        common.random());
        CrashRecords crashes = new PostgresCrashRecords(database, id, process);
        EventProcessing<E, S, F> processing =
                new EventProcessing<>(
                        id,
                        decisions,
                        common.spans().inbox(inbox(parts, subscription, id), id),
                        crashes,
                        configuration.outage(),
                        space,
                        reporting,
                        common.clock(),
                        common.random(),
                        common.measurements());
        startReleases(parts, subscription, id, decisions, crashes, processing, reporting, space);
        startRelay(subscription, id);
        new ReplayJobs(common, database, pulsar)
                .start(
                        parts,
                        subscription,
                        id,
                        inbox ->
                                new EventProcessing<>(
                                        id,
                                        decisions,
                                        inbox,
                                        crashes,
                                        configuration.outage(),
                                        space,
                                        reporting,
                                        common.clock(),
                                        common.random(),
                                        new Unmeasured(common.measurements())));
        Lanes<E> lanes =
                Lanes.start(
                        pulsar,
                        id,
                        configuration.lanes(subscription, process),
                        parts.stream(),
                        parts.codec(),
                        processing,
                        reporting,
                        common.clock());
        lanesSlot.fill(() -> end(lanes, crashes, reporting));
        source(subscription, id).lanes(lanes::states, processing::isInterrupted);
        LaneGauges.register(common.metrics().registry(), id, subscription.lanes(), lanes::states);
        LaneGauges.breaker(common.metrics().registry(), id, processing::isInterrupted);
        common.background().start("lanes-" + id.name(), new LaneWatch(id, reporting, lanes)::run);
        common.readiness().ask(LANES, () -> condition(lanes, processing, space));
        common.startup().done(Startup.Step.LANES);
        LOG.info("{} lanes work for {} ({})", subscription.lanes(), id, subscription.type());
    }

    private <E, S, F> Inbox<E, S, F> inbox(
            StreamParts<E, S, F> parts, SubscriptionSettings subscription, SubscriptionId id) {
        return new PostgresInbox<>(database, id, subscription.type(), parts.states());
    }

    private <E, S, F> void startReleases(
            StreamParts<E, S, F> parts,
            SubscriptionSettings subscription,
            SubscriptionId id,
            DecisionMaking<E, S, F> decisions,
            CrashRecords crashes,
            EventProcessing<E, S, F> processing,
            CheckPause pause,
            ParkingSpace space) {
        ParkedEvents<E, S, F> parked =
                new PostgresParkedEvents<>(
                        database,
                        id,
                        subscription.type(),
                        parts.states(),
                        configuration.failures().afterQuarantine());
        ReleaseEvents releases =
                new EventReleasing<>(
                        id,
                        common.spans().parked(parked, id),
                        new PulsarDecoder<>(pulsar, TopicName.of(id), parts.codec()),
                        decisions,
                        crashes,
                        configuration.releases(),
                        space,
                        processing::isInterrupted,
                        pause,
                        common.clock(),
                        common.random(),
                        common.measurements());
        Releaser releaser = new Releaser(id, releases, space, configuration.statisticsInterval());
        source(subscription, id).standing(space::load, releaser::quarantined);
        ParkedGauges.register(common.metrics().registry(), id, space::load, releaser::quarantined);
        common.background().start("release-" + id.name(), releaser::release);
        common.background()
                .start("quarantine-" + id.name(), () -> releaser.count(parked::quarantined));
    }

    private SubscriptionSources source(SubscriptionSettings subscription, SubscriptionId id) {
        return common.flow().subscription(id, subscription.type());
    }

    /** What people want of the lanes is known before they start: a pause survives a restart. */
    private LaneReporting learnWishes(SubscriptionId id) throws InterruptedException {
        LaneReporting reporting =
                new LaneReporting(
                        new PostgresLaneBoard(database, id.tenant(), id.namespace()),
                        new SubscriptionName(id.stream(), id.name()),
                        process);
        common.waiting().until("what people want of the lanes", PAUSE, reporting::learn);
        common.readiness()
                .ask(
                        PAUSE,
                        () ->
                                Condition.met(
                                        PAUSE,
                                        reporting.pause().map(LanePause::toString).orElse("")));
        return reporting;
    }

    private void end(Lanes<?> lanes, CrashRecords crashes, LaneReporting reporting) {
        if (lanes.drain(common.share().get())) {
            try {
                crashes.endInOrder();
            } catch (Unavailable outage) {
                LOG.info("what was under way last stays noted: {}", Words.of(outage));
            }
        }
        reporting.end();
    }

    private void startRelay(SubscriptionSettings subscription, SubscriptionId id) {
        PulsarDeadLetters deadLetters =
                new PulsarDeadLetters(pulsar, id, configuration.publisher().sendTimeout());
        DeadLetterRelaying relaying =
                new DeadLetterRelaying(
                        new PostgresOutbox(database, id),
                        common.spans().deadLetters(deadLetters, id),
                        process,
                        configuration.relays(),
                        common.random());
        source(subscription, id).outbox(relaying::load);
        OutboxGauges.register(common.metrics().registry(), id, relaying::load);
        common.background()
                .start(
                        "relay-" + id.name(),
                        () -> {
                            try (deadLetters) {
                                new Relay(id, relaying).run();
                            }
                        });
    }

    private static Condition condition(
            Lanes<?> lanes, EventProcessing<?, ?, ?> processing, ParkingSpace space) {
        Condition connected = lanes.condition(LANES);
        Optional<String> shortage = space.shortage();
        if (!connected.met()) {
            return connected;
        }
        if (processing.isInterrupted()) {
            return Condition.unmet(LANES, "an outage holds the lanes: see the log");
        }
        return shortage.map(why -> Condition.unmet(LANES, "the lanes pause: " + why))
                .orElse(connected);
    }

    private void purge(SubscriptionId id) throws InterruptedException {
        awaitStart();
        new Purge(
                        "idempotency records of " + id,
                        new RecordPurging(
                                id,
                                configuration.purgeHorizon(),
                                configuration.purgeStep(),
                                new PulsarCursor(pulsar, common.clock()),
                                new PostgresRecordStore(database),
                                common.clock()),
                        purged,
                        configuration.purgeInterval(),
                        common.clock(),
                        common.random())
                .run();
    }

    private void awaitStart() throws InterruptedException {
        common.startup().await(Startup.Step.SCHEMA);
        common.startup().await(Startup.Step.TOPICS);
    }
}
