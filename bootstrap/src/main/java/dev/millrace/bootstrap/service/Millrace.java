package dev.millrace.bootstrap.service;

import dev.millrace.adapters.http.GateServer;
import dev.millrace.adapters.http.StreamGate;
import dev.millrace.adapters.http.management.ManagementServer;
import dev.millrace.adapters.http.operations.OperationRoute;
import dev.millrace.adapters.http.operations.StatusRoutes;
import dev.millrace.adapters.http.operations.StreamEdits;
import dev.millrace.adapters.http.operations.TraceRoutes;
import dev.millrace.adapters.http.reads.MessageRoutes;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.adapters.postgres.PostgresDatabase;
import dev.millrace.adapters.postgres.PostgresMessageHistory;
import dev.millrace.adapters.postgres.PostgresTableSizes;
import dev.millrace.adapters.postgres.PostgresTracing;
import dev.millrace.adapters.postgres.StateStore;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicSetup;
import dev.millrace.adapters.pulsar.driven.PulsarCursor;
import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.configuration.Role;
import dev.millrace.bootstrap.configuration.SubscriptionSettings;
import dev.millrace.bootstrap.metrics.BacklogGauges;
import dev.millrace.bootstrap.metrics.BottleneckGauges;
import dev.millrace.bootstrap.metrics.CapacityGauges;
import dev.millrace.bootstrap.metrics.Metrics;
import dev.millrace.bootstrap.metrics.MicrometerMeasurements;
import dev.millrace.bootstrap.metrics.ProcessingTally;
import dev.millrace.bootstrap.metrics.RequestMeters;
import dev.millrace.bootstrap.metrics.TableGauges;
import dev.millrace.bootstrap.status.BacklogWatch;
import dev.millrace.bootstrap.status.FlowSources;
import dev.millrace.bootstrap.status.FlowWatch;
import dev.millrace.bootstrap.status.StatusBoard;
import dev.millrace.bootstrap.tracing.Spans;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.flow.DatabaseFlow;
import dev.millrace.ports.Unavailable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The running service: the composition root. It listens from the start and says that it is not
 * ready; broker and database are brought up in the background and waited for while they are away.
 *
 * <p>Closing says that it is not ready, goes on for the time of the drain while the gate parts with
 * its callers, takes nothing more in, lets each lane commit and acknowledge the batch that it
 * holds, and then closes everything in the reverse order of its opening.
 */
public final class Millrace implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Millrace.class);

    private static final String MIGRATIONS = "migrations";
    private static final String TOPICS = "topics";
    private static final String STOPPING = "stopping";

    private final Configuration configuration;
    private final InstantSource clock = InstantSource.system();
    private final Opened opened = new Opened();
    private final AtomicReference<Deadline> deadline = new AtomicReference<>();
    private final Common common;

    private Millrace(
            Configuration configuration,
            String version,
            StopRequest stop,
            Consumer<VirtualMachineError> fatal) {
        this.configuration = configuration;
        Metrics metrics = configuration.countsAnything() ? Metrics.on() : Metrics.off();
        opened.add("metrics", metrics);
        String process = Common.processName();
        Spans spans = new Spans(configuration.tracing(), version, process, clock);
        opened.add("spans", spans);
        DecisionThreads decisions = new DecisionThreads(configuration.maxHangingDecisions(), fatal);
        opened.add("decisions", decisions);
        CapacityGauges.decisions(metrics.registry(), decisions::hanging);
        this.common =
                new Common(
                        configuration,
                        clock,
                        Common::chance,
                        metrics,
                        new MicrometerMeasurements(metrics.registry(), configuration.tenant()),
                        spans,
                        new FlowSources(),
                        process,
                        new Readiness(),
                        new Startup(steps(configuration)),
                        new Background(stop),
                        decisions,
                        this::share);
    }

    /**
     * Starts the service.
     *
     * @param version of this program, for {@code /info}
     * @param stop is told when the service cannot go on
     * @param fatal is told, on the thread that met it, of an error of the virtual machine in the
     *     stream's rules; it should not return
     * @throws StartFailure when it cannot even listen; nothing stays open then
     */
    public static Millrace start(
            Configuration configuration,
            String version,
            StopRequest stop,
            Consumer<VirtualMachineError> fatal) {
        Millrace service = new Millrace(configuration, version, stop, fatal);
        try {
            service.open(version);
            return service;
        } catch (InvalidValue broken) {
            service.close();
            throw new StartFailure("millrace." + broken.getMessage(), broken);
        } catch (RuntimeException | Error failure) {
            service.close();
            throw failure;
        }
    }

    private void open(String version) {
        Optional<PostgresDatabase> database = openDatabase();
        var ledger = Ledger.stream(configuration);
        Optional<PulsarConnection> pulsar = openPulsar(ledger);
        Optional<Audits> audits =
                database.flatMap(tables ->
                        pulsar.map(topics ->
                                new Audits(
                                        common,
                                        topics,
                                        new PostgresTracing(tables, effects(ledger)),
                                        subscriptions(ledger))));
        List<OperationRoute> operations = new ArrayList<>();
        database.ifPresent(there -> operations.addAll(openOperations(there, pulsar, ledger)));
        audits.ifPresent(there -> operations.addAll(there.routes()));
        database.ifPresent(tables ->
                pulsar.ifPresent(topics ->
                        operations.addAll(
                                topicRoutes(new ReplayJobs(common, tables, topics), ledger))));
        StatusBoard status = openStatus(version);
        operations.addAll(new StatusRoutes(status, status::history, StatusBoard.INTERVAL).routes());
        operations.addAll(new TraceRoutes(common.spans().kept()).routes());
        ManagementServer management = openManagement(version, operations, status);
        audits.ifPresent(Audits::schedule);
        Slot publishers = new Slot();
        opened.add("publishers", publishers);
        opened.add("background", common.background());
        Slot lanes = new Slot();
        opened.add("lanes", lanes);

        if (has(Role.WORKER)) {
            new WorkerRole(common, pulsar.orElseThrow(), database.orElseThrow(), lanes)
                    .open(ledger);
        }
        List<StreamGate<?>> streams = new ArrayList<>();
        if (has(Role.GATE)) {
            streams.add(new GateRole(common, pulsar.orElseThrow(), publishers).open(ledger));
        }
        List<ReadRoute> reads = new ArrayList<>();
        if (has(Role.READS)) {
            reads.addAll(reads(database.orElseThrow(), ledger.stream().name()));
        }
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("management.url", url(management.port()));
        if (has(Role.GATE) || has(Role.READS)) {
            addresses.put("gate.url", url(openGate(streams, reads).port()));
        }
        // Only now have all parts told of themselves, and nobody is to be told less.
        var _ = status.renew();
        common.background().start("status", status::run);
        announce(addresses);
    }

    private List<OperationRoute> topicRoutes(ReplayJobs replays, StreamParts<?, ?, ?> ledger) {
        List<SubscriptionId> subscriptions = subscriptions(ledger);
        List<OperationRoute> routes = new ArrayList<>(replays.routes(subscriptions));
        routes.addAll(replays.copies(ledger, subscriptions.getFirst()).routes());
        routes.addAll(replays.topics(ledger, subscriptions).routes());
        return routes;
    }

    private List<OperationRoute> openOperations(
            PostgresDatabase database,
            Optional<PulsarConnection> pulsar,
            StreamParts<?, ?, ?> ledger) {
        Operations operations = new Operations(common, database);
        operations.start();
        return operations.routes(
                pulsar.<List<StreamEdits<?>>>map(there -> List.of(operations.edits(ledger, there)))
                        .orElse(List.of()),
                operations.lives(ledger, effects(ledger)));
    }

    private StatusBoard openStatus(String version) {
        StatusBoard status =
                new StatusBoard(
                        new StatusBoard.Identity(
                                common.process(), version, Info.roles(configuration)),
                        common.readiness(),
                        new FlowWatch(common.flow(), common.measurements(), clock),
                        clock);
        BottleneckGauges.register(common.metrics().registry(), () -> status.bottleneck().kind());
        return status;
    }

    private ManagementServer openManagement(
            String version, List<OperationRoute> operations, StatusBoard status) {
        ManagementServer management =
                ManagementServer.start(
                        configuration.management(),
                        common.readiness(),
                        common.decisions()::isLive,
                        common.startup()::isComplete,
                        common.metrics()::scrape,
                        new Info(configuration, version, clock.instant(), status::bottleneck)
                                ::describe,
                        operations,
                        common.spans().tracer());
        opened.add("management", management);
        management.countInto(common.metrics().registry());
        return management;
    }

    private List<SubscriptionId> subscriptions(StreamParts<?, ?, ?> parts) {
        return parts.subscriptions().stream().map(configuration::id).toList();
    }

    private Map<SubscriptionId, StateStore<?, ?, ?>> effects(StreamParts<?, ?, ?> parts) {
        Map<SubscriptionId, StateStore<?, ?, ?>> effects = new HashMap<>();
        subscriptions(parts).forEach(id -> effects.put(id, parts.states()));
        return effects;
    }

    private GateServer openGate(List<StreamGate<?>> streams, List<ReadRoute> reads) {
        GateServer gate =
                GateServer.start(configuration.gate(), streams, reads, common.spans().tracer());
        opened.add("gate", () -> stop(gate));
        gate.countInto(common.metrics().registry());
        gate.tell(new RequestMeters(common.metrics().registry())::answered);
        return gate;
    }

    /** What callers send meanwhile is taken as ever: the publishers are closed after the gate. */
    private void stop(GateServer gate) throws InterruptedException {
        Deadline end = deadline();
        LOG.info("the gate goes on for {} and parts with its callers", configuration.gateDrain());
        gate.drain();
        try {
            Thread.sleep(configuration.gateDrain());
        } finally {
            gate.stop(end.half());
        }
    }

    private Optional<PostgresDatabase> openDatabase() {
        if (!configuration.needsDatabase()) {
            return Optional.empty();
        }
        PostgresDatabase database =
                PostgresDatabase.open(configuration.postgres(), common.metrics().registry());
        opened.add("database", database);
        common.readiness().expect(MIGRATIONS, "the database's schema has not been looked at yet");
        common.flow().database(() -> flow(database));
        common.background().start("schema", () -> bringUpSchema(database));
        return Optional.of(database);
    }

    private DatabaseFlow flow(PostgresDatabase database) {
        Metrics metrics = common.metrics();
        return new DatabaseFlow(
                metrics.gauge("hikaricp.connections.active"),
                metrics.gauge("hikaricp.connections.max"),
                metrics.gauge("hikaricp.connections.pending"),
                database.condition("database").met());
    }

    private void bringUpSchema(PostgresDatabase database) throws InterruptedException {
        common.waiting()
                .until(
                        "the database",
                        MIGRATIONS,
                        () -> new Migrations(configuration, database).bringUp());
        common.startup().done(Startup.Step.SCHEMA);
        TableWatch tables =
                new TableWatch(
                        new PostgresTableSizes(database),
                        new TableGauges(common.metrics().registry()));
        common.background().start("table-sizes", tables::run);
    }

    private Optional<PulsarConnection> openPulsar(StreamParts<?, ?, ?> ledger) {
        if (!configuration.needsBroker()) {
            return Optional.empty();
        }
        PulsarConnection pulsar =
                PulsarConnection.open(configuration.pulsar(), common.metrics().openTelemetry());
        opened.add("broker", pulsar);
        common.readiness().expect(TOPICS, "the broker's topics have not been looked at yet");
        List<BacklogWatch> backlogs =
                ledger.subscriptions().stream().map(this::openBacklog).toList();
        common.background().start("topics", () -> bringUpTopics(pulsar, ledger, backlogs));
        return Optional.of(pulsar);
    }

    private BacklogWatch openBacklog(SubscriptionSettings subscription) {
        SubscriptionId id = configuration.id(subscription);
        BacklogWatch backlog = new BacklogWatch(id);
        common.flow().subscription(id, subscription.type()).backlog(backlog::backlog);
        BacklogGauges.register(
                common.metrics().registry(), id, backlog::backlog, backlog::deadLetters);
        return backlog;
    }

    private void bringUpTopics(
            PulsarConnection pulsar, StreamParts<?, ?, ?> parts, List<BacklogWatch> backlogs)
            throws InterruptedException {
        TopicSetup setup =
                new TopicSetup(pulsar, configuration.topic(parts.stream().name()), parts.codec());
        common.waiting().until("the broker's topics", TOPICS, () -> bringUp(setup));
        common.startup().done(Startup.Step.TOPICS);
        PulsarCursor cursor = new PulsarCursor(pulsar, clock);
        for (BacklogWatch backlog : backlogs) {
            common.background()
                    .start(
                            "backlog",
                            () ->
                                    backlog.follow(
                                            id -> cursor.backlog(id, eventsPerEntry(id)),
                                            cursor::deadLetters,
                                            configuration.statisticsInterval()));
        }
    }

    private double eventsPerEntry(SubscriptionId subscription) {
        return common.measurements()
                .tally(subscription)
                .map(ProcessingTally::eventsPerEntry)
                .orElse(Double.NaN);
    }

    /** A topic that is not as configured can be mended while this process waits for it. */
    private void bringUp(TopicSetup setup) {
        try {
            switch (configuration.setup()) {
                case APPLY -> setup.apply();
                case VERIFY -> setup.verify();
            }
        } catch (InvalidValue different) {
            throw new Unavailable(String.valueOf(different.getMessage()), different);
        }
    }

    private List<ReadRoute> reads(PostgresDatabase database, StreamName stream) {
        common.readiness().ask("reads.database", () -> database.condition("reads.database"));
        var history =
                new PostgresMessageHistory(
                        database, configuration.tenant(), configuration.namespace());
        List<ReadRoute> routes = new ArrayList<>(Ledger.routes(configuration, database));
        routes.addAll(new MessageRoutes(history::outcomes, List.of(stream)).routes());
        return routes;
    }

    private void announce(Map<String, String> addresses) {
        addresses.forEach((name, url) -> LOG.info("{}={}", name, url));
        try {
            new EndpointsFile(configuration.stackDirectory()).put(addresses);
        } catch (UncheckedIOException readOnly) {
            LOG.warn(
                    "the addresses could not be written to {}: {}",
                    configuration.stackDirectory(),
                    readOnly.getMessage());
        }
    }

    /** An address that this machine can open, whatever is listened on. */
    private String url(int port) {
        String host = configuration.management().bindAddress();
        return "http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port;
    }

    private boolean has(Role role) {
        return configuration.roles().contains(role);
    }

    private static Set<Startup.Step> steps(Configuration configuration) {
        Set<Startup.Step> steps = EnumSet.noneOf(Startup.Step.class);
        if (configuration.needsDatabase()) {
            steps.add(Startup.Step.SCHEMA);
        }
        if (configuration.needsBroker()) {
            steps.add(Startup.Step.TOPICS);
        }
        if (configuration.roles().contains(Role.WORKER)) {
            steps.add(Startup.Step.LANES);
        }
        return steps;
    }

    /**
     * Half of what is left of the time to stop, so that those who come later have some of it too.
     */
    private Duration share() {
        return deadline().half();
    }

    /** Until when the stop has to be over, counted from the first question. */
    private Deadline deadline() {
        return deadline.updateAndGet(
                set -> set == null ? Deadline.in(configuration.shutdownTimeout(), clock) : set);
    }

    @Override
    public void close() {
        common.readiness().expect(STOPPING, "this process is stopping");
        opened.close();
    }
}
