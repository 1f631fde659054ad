package dev.millrace.bootstrap.service;

import dev.millrace.adapters.http.operations.CopyRoutes;
import dev.millrace.adapters.http.operations.OperationRoute;
import dev.millrace.adapters.http.operations.ReplayRoutes;
import dev.millrace.adapters.http.operations.TopicRoutes;
import dev.millrace.adapters.postgres.PostgresDatabase;
import dev.millrace.adapters.postgres.PostgresGaps;
import dev.millrace.adapters.postgres.PostgresReplays;
import dev.millrace.adapters.postgres.PostgresTracing;
import dev.millrace.adapters.pulsar.Decoding;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.RegisteredSchemas;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.adapters.pulsar.WriterSchemas;
import dev.millrace.adapters.pulsar.driven.PulsarPlayback;
import dev.millrace.adapters.pulsar.driven.PulsarTopicLog;
import dev.millrace.bootstrap.configuration.SubscriptionSettings;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driving.ProcessEvents;
import dev.millrace.ports.operations.driven.Gaps;
import dev.millrace.ports.operations.driving.DriveReplays;
import dev.millrace.ports.usecase.operations.CopyLocating;
import dev.millrace.ports.usecase.operations.ReplayStart;
import dev.millrace.ports.usecase.operations.Replaying;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Topics, gone through once more, in a process that has both the database and the broker. */
final class ReplayJobs {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayJobs.class);

    /** A bug is not met again at once. */
    private static final Duration AFTER_BUG = Duration.ofSeconds(10);

    private final Common common;
    private final PostgresDatabase database;
    private final PulsarConnection pulsar;
    private final PostgresReplays replays;
    private final PulsarTopicLog topic;

    ReplayJobs(Common common, PostgresDatabase database, PulsarConnection pulsar) {
        this.common = common;
        this.database = database;
        this.pulsar = pulsar;
        this.replays =
                new PostgresReplays(
                        database,
                        common.configuration().tenant(),
                        common.configuration().namespace());
        this.topic = new PulsarTopicLog(pulsar);
    }

    /**
     * What to serve.
     *
     * @param subscriptions that can be replayed
     */
    List<OperationRoute> routes(List<SubscriptionId> subscriptions) {
        return new ReplayRoutes(
                        new ReplayStart(topic, replays),
                        replays::list,
                        replays::find,
                        replays::findings,
                        replays::cancel,
                        subscriptions)
                .routes();
    }

    /** Which message lies where in the topic of a stream, as one of its subscriptions reads it. */
    CopyRoutes copies(StreamParts<?, ?, ?> parts, SubscriptionId id) {
        return new CopyRoutes(
                Map.of(id.stream(), new CopyLocating<>(id, topic, playback(parts, id))));
    }

    /** What the broker knows of the topic of a stream, and of the subscriptions to it. */
    TopicRoutes topics(StreamParts<?, ?, ?> parts, List<SubscriptionId> subscriptions) {
        SubscriptionId any = subscriptions.getFirst();
        RegisteredSchemas schemas = new RegisteredSchemas(pulsar, TopicName.of(any), parts.codec());
        return new TopicRoutes(
                Map.of(
                        any.stream(),
                        new TopicRoutes.Looks(
                                () ->
                                        subscriptions.stream()
                                                .flatMap(id -> topic.cursors(id).stream())
                                                .toList(),
                                schemas::versions)));
    }

    private <E> PulsarPlayback<E> playback(StreamParts<E, ?, ?> parts, SubscriptionId id) {
        return new PulsarPlayback<>(
                pulsar,
                id,
                new Decoding<>(
                        parts.stream(),
                        parts.codec(),
                        new WriterSchemas(pulsar, TopicName.of(id))));
    }

    /**
     * Drives the jobs of one subscription.
     *
     * @param processing brings batches to their outcomes as its lanes do
     */
    <E, S, F> void start(
            StreamParts<E, S, F> parts,
            SubscriptionSettings subscription,
            SubscriptionId id,
            Function<Inbox<E, S, F>, ProcessEvents<E>> processing) {
        DriveReplays driving =
                new Replaying<>(
                        id,
                        subscription.type(),
                        replays,
                        topic,
                        playback(parts, id),
                        new PostgresTracing(database, Map.of(id, parts.states())),
                        common.spans().gaps(gaps(parts, subscription, id), id),
                        processing,
                        common.process(),
                        common.configuration().outage().backoff(),
                        common.random());
        common.background().start("replay-" + id.name(), () -> drive(driving));
    }

    private <E, S, F> Gaps<E, S, F> gaps(
            StreamParts<E, S, F> parts, SubscriptionSettings subscription, SubscriptionId id) {
        return new PostgresGaps<>(database, id, subscription.type(), parts.states());
    }

    private static void drive(DriveReplays driving) throws InterruptedException {
        while (true) {
            Thread.sleep(driveOnce(driving));
        }
    }

    private static Duration driveOnce(DriveReplays driving) {
        try {
            return driving.drive();
        } catch (RuntimeException bug) {
            LOG.error("a replay could not go on", bug);
            return AFTER_BUG;
        }
    }
}
