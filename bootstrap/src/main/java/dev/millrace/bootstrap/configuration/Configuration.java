package dev.millrace.bootstrap.configuration;

import dev.millrace.adapters.http.GateLimits;
import dev.millrace.adapters.http.GateSettings;
import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.adapters.http.management.ManagementSettings;
import dev.millrace.adapters.postgres.PostgresSettings;
import dev.millrace.adapters.pulsar.PulsarSettings;
import dev.millrace.adapters.pulsar.TopicSettings;
import dev.millrace.adapters.pulsar.driven.PublisherSettings;
import dev.millrace.adapters.pulsar.driving.LaneSettings;
import dev.millrace.bootstrap.tracing.TracingSettings;
import dev.millrace.domain.Backoff;
import dev.millrace.domain.FailurePolicy;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.ParkingLimit;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.ledger.LedgerRules;
import dev.millrace.ports.ledger.LedgerStream;
import dev.millrace.ports.usecase.DeadLetterRelaying;
import dev.millrace.ports.usecase.EventReleasing;
import dev.millrace.ports.usecase.OutagePolicy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration in effect, as the records that the parts of the service are built from.
 * Immutable and valid: each value keeps its own rule and those that join several.
 */
public final class Configuration {

    /**
     * Connections to the database beside those of the lanes: for reads, the purge, the releaser,
     * the relay, the watch and migrations.
     */
    private static final int OTHER_CONNECTIONS = 6;

    /** How many dead letters are read at once: each may be as large as an event can be. */
    private static final int RELAYED_LETTERS = 64;

    /** How many keys a look at what is parked takes on. */
    private static final int RELEASED_KEYS = 32;

    private final Values values;

    Configuration(Values values) {
        this.values = Objects.requireNonNull(values);
    }

    /**
     * Builds every record once, so that a rule of theirs is heard at the start.
     *
     * @throws dev.millrace.domain.InvalidValue when one is broken
     */
    void require() {
        Objects.requireNonNull(gate());
        Objects.requireNonNull(management());
        Objects.requireNonNull(outage());
        Objects.requireNonNull(failures());
        Objects.requireNonNull(parking());
        Objects.requireNonNull(relays());
        Objects.requireNonNull(ledger());
        if (needsBroker()) {
            Objects.requireNonNull(pulsar());
            Objects.requireNonNull(topic(LedgerStream.NAME));
            Objects.requireNonNull(publisher());
            subscriptions().forEach(each -> Objects.requireNonNull(lanes(each, "")));
        }
        if (needsDatabase()) {
            Objects.requireNonNull(postgres());
        }
    }

    /** Every setting as it was found. */
    public Values values() {
        return values;
    }

    /** What this process does. */
    public Set<Role> roles() {
        return values.get(Settings.ROLES);
    }

    /** Whether a role of this process needs the broker. */
    public boolean needsBroker() {
        return roles().stream().anyMatch(Role::needsBroker);
    }

    /** Whether a role of this process needs the database. */
    public boolean needsDatabase() {
        return roles().stream().anyMatch(Role::needsDatabase);
    }

    /** Whether the database is named at all. */
    public boolean namesDatabase() {
        return !values.isEmpty(Settings.POSTGRES_URL) && !values.isEmpty(Settings.POSTGRES_USER);
    }

    /** How long a stop may take. */
    public Duration shutdownTimeout() {
        return values.get(Settings.SHUTDOWN_TIMEOUT);
    }

    /** The folder of the embedded stack. */
    public Path stackDirectory() {
        return Path.of(values.get(Settings.STACK_DIRECTORY));
    }

    /** How log lines are written. */
    public LogFormat logFormat() {
        return values.get(Settings.LOG_FORMAT);
    }

    /** The least urgent lines of our own that are logged. */
    public LogLevel logLevel() {
        return values.get(Settings.LOG_LEVEL);
    }

    /** Whether anything is counted. */
    public boolean countsAnything() {
        return values.get(Settings.METRICS) == Switch.ON;
    }

    /** What is traced, and where it goes. */
    public TracingSettings tracing() {
        return new TracingSettings(
                values.get(Settings.TRACING_SAMPLING),
                values.get(Settings.TRACING_KEPT_SPANS),
                values.get(Settings.TRACING_OTLP_ENDPOINT, ""));
    }

    /** The public server. */
    public GateSettings gate() {
        return new GateSettings(
                values.get(Settings.BIND_ADDRESS),
                values.get(Settings.GATE_PORT),
                new GateLimits(
                        bytes(Settings.GATE_MAX_BODY),
                        values.get(Settings.GATE_MAX_ITEMS),
                        bytes(Settings.GATE_MAX_EVENT),
                        bytes(Settings.GATE_MAX_HEADERS),
                        values.get(Settings.GATE_MAX_CONNECTIONS),
                        values.get(Settings.GATE_MAX_REQUESTS),
                        values.get(Settings.GATE_MAX_BUFFERED),
                        values.get(Settings.GATE_BODY_TIMEOUT),
                        values.get(Settings.GATE_IDLE_TIMEOUT),
                        shutdownTimeout(),
                        retryAfter()),
                new CallerRate(
                        values.get(Settings.GATE_RATE_LIMIT),
                        values.get(Settings.GATE_RATE_BURST),
                        values.get(Settings.GATE_RATE_HEADER, "")));
    }

    /** How long a gate that stops goes on while it parts with its callers. */
    public Duration gateDrain() {
        return values.get(Settings.GATE_DRAIN);
    }

    /** How many events may be on their way to the broker at once. */
    public int maxEventsUnderWay() {
        return values.get(Settings.GATE_MAX_EVENTS);
    }

    /** What a refused caller is told to wait. */
    public Duration retryAfter() {
        return values.get(Settings.GATE_RETRY_AFTER);
    }

    /** The server for operators. */
    public ManagementSettings management() {
        return new ManagementSettings(
                values.get(Settings.BIND_ADDRESS), values.get(Settings.MANAGEMENT_PORT));
    }

    /** The broker. Only for a process that needs it. */
    public PulsarSettings pulsar() {
        return new PulsarSettings(
                values.get(Settings.PULSAR_SERVICE_URL),
                values.get(Settings.PULSAR_ADMIN_URL),
                values.get(Settings.PULSAR_OPERATION_TIMEOUT),
                values.get(Settings.PULSAR_KEEP_ALIVE),
                values.get(Settings.PULSAR_MEMORY));
    }

    /** Who owns the events. */
    public Tenant tenant() {
        return values.get(Settings.TENANT);
    }

    /** The namespace of the topics. */
    public Namespace namespace() {
        return values.get(Settings.NAMESPACE);
    }

    /** The subscriptions of the ledger's stream. */
    public List<SubscriptionSettings> subscriptions() {
        return subscriptions(values);
    }

    /** By the list, or by the shorthand for one. */
    static List<SubscriptionSettings> subscriptions(Values values) {
        return values.get(
                Settings.LEDGER_SUBSCRIPTIONS,
                List.of(
                        new SubscriptionSettings(
                                values.get(Settings.SUBSCRIPTION_NAME),
                                values.get(Settings.SUBSCRIPTION_TYPE),
                                values.get(Settings.LANES))));
    }

    /** What identifies a subscription of the ledger's stream. */
    public SubscriptionId id(SubscriptionSettings subscription) {
        return new SubscriptionId(tenant(), namespace(), LedgerStream.NAME, subscription.name());
    }

    /** The topic of a stream. */
    public TopicSettings topic(StreamName stream) {
        long megabyte = 1L << 20;
        return new TopicSettings(
                tenant(),
                namespace(),
                stream,
                values.get(Settings.PARTITIONS),
                values.get(Settings.BUCKETS),
                values.get(Settings.RETENTION),
                values.get(Settings.RETENTION_SIZE) / megabyte,
                values.get(Settings.BACKLOG_QUOTA),
                values.get(Settings.REPLICATION),
                subscriptions().stream().map(SubscriptionSettings::name).toList());
    }

    /** Whether tenant, namespace and topics are set up or only verified. */
    public Preparation setup() {
        return values.get(Settings.SETUP);
    }

    /** How events go to the broker. */
    public PublisherSettings publisher() {
        return new PublisherSettings(
                values.get(Settings.PUBLISH_MAX_DELAY),
                values.get(Settings.PUBLISH_MAX_EVENTS),
                bytes(Settings.PUBLISH_MAX_SIZE),
                values.get(Settings.PUBLISH_MAX_PENDING),
                PublisherSettings.DEFAULTS.maxEventBytes(),
                values.get(Settings.PUBLISH_TIMEOUT),
                values.get(Settings.STATISTICS_INTERVAL));
    }

    /**
     * How a subscription is read.
     *
     * @param process names this process among its consumers
     */
    public LaneSettings lanes(SubscriptionSettings subscription, String process) {
        return new LaneSettings(
                subscription.type(),
                subscription.lanes(),
                values.get(Settings.BATCH_MAX_EVENTS),
                bytes(Settings.BATCH_MAX_SIZE),
                values.get(Settings.BATCH_MAX_DELAY),
                values.get(Settings.RECEIPT_TIMEOUT),
                process);
    }

    /** How often the broker is asked for its statistics. */
    public Duration statisticsInterval() {
        return values.get(Settings.STATISTICS_INTERVAL);
    }

    /** The database. Only for a process that needs it. */
    public PostgresSettings postgres() {
        int lanes = subscriptions().stream().mapToInt(SubscriptionSettings::lanes).sum();
        return new PostgresSettings(
                values.get(Settings.POSTGRES_URL),
                values.get(Settings.POSTGRES_USER),
                values.get(Settings.POSTGRES_PASSWORD, ""),
                values.get(Settings.POSTGRES_POOL_SIZE).orElse(lanes + OTHER_CONNECTIONS),
                values.get(Settings.POSTGRES_CONNECTION_TIMEOUT),
                values.get(Settings.POSTGRES_LOCK_TIMEOUT),
                values.get(Settings.POSTGRES_STATEMENT_TIMEOUT),
                values.get(Settings.POSTGRES_SOCKET_TIMEOUT),
                values.get(Settings.POSTGRES_IDLE_TIMEOUT),
                values.get(Settings.POSTGRES_TRANSACTION_TIMEOUT),
                values.get(Settings.POSTGRES_MAX_LIFETIME));
    }

    /** Whether an older schema is migrated or refused. */
    public Preparation migrations() {
        return values.get(Settings.MIGRATIONS);
    }

    /** How an outage is sat out. */
    public OutagePolicy outage() {
        return new OutagePolicy(
                new Backoff(
                        values.get(Settings.OUTAGE_BACKOFF_FIRST),
                        values.get(Settings.OUTAGE_BACKOFF_CAP)),
                values.get(Settings.OUTAGE_PROBE_PATIENCE),
                values.get(Settings.OUTAGE_WITHDRAW_AFTER));
    }

    /** What follows from a failure. */
    public FailurePolicy failures() {
        return new FailurePolicy(
                new Backoff(
                        values.get(Settings.RETRY_BACKOFF_FIRST),
                        values.get(Settings.RETRY_BACKOFF_CAP)),
                values.get(Settings.RETRY_MAX_ATTEMPTS),
                values.get(Settings.LEDGER_AFTER_QUARANTINE));
    }

    /** How long the rules may take over one event. */
    public Duration decisionTimeout() {
        return values.get(Settings.DECISION_TIMEOUT);
    }

    /** How many decisions may hang. */
    public int maxHangingDecisions() {
        return values.get(Settings.DECISION_MAX_HANGING);
    }

    /** How much may be parked. */
    public ParkingLimit parking() {
        return new ParkingLimit(
                values.get(Settings.PARKED_MAX_EVENTS),
                values.get(Settings.PARKED_MAX_SIZE),
                values.get(Settings.PARKED_MAX_OF_ONE_KEY));
    }

    /** How fast parked events are tried again. */
    public EventReleasing.Pace releases() {
        return new EventReleasing.Pace(
                values.get(Settings.RELEASE_INTERVAL),
                outage().backoff(),
                RELEASED_KEYS,
                values.get(Settings.BATCH_MAX_EVENTS));
    }

    /** How fast what enters quarantine is published. */
    public DeadLetterRelaying.Pace relays() {
        return new DeadLetterRelaying.Pace(
                values.get(Settings.RELAY_INTERVAL),
                values.get(Settings.RELAY_TERM),
                outage().backoff(),
                RELAYED_LETTERS);
    }

    /** How long an idempotency record is kept at least. */
    public Duration purgeHorizon() {
        return values.get(Settings.PURGE_HORIZON);
    }

    /** How often records are let go whose time is over. */
    public Duration purgeInterval() {
        return values.get(Settings.PURGE_INTERVAL);
    }

    /** How many records one transaction of the purge deletes at most. */
    public int purgeStep() {
        return values.get(Settings.PURGE_STEP);
    }

    /** How long the audit log keeps an act; none for ever. */
    public Optional<Duration> auditLogRetention() {
        return values.get(Settings.AUDIT_LOG_RETENTION);
    }

    /** How long a job that has ended is kept; none for ever. */
    public Optional<Duration> jobsRetention() {
        return values.get(Settings.JOBS_RETENTION);
    }

    /** After how long an event in quarantine is given up; none for never. */
    public Optional<Duration> discardAfter() {
        return values.get(Settings.QUARANTINE_DISCARD_AFTER);
    }

    /** How often a worker audits by itself; zero for never. */
    public Duration auditInterval() {
        return values.get(Settings.AUDIT_INTERVAL);
    }

    /** FORK: the rules of the sample business. */
    public LedgerRules ledger() {
        return new LedgerRules(values.get(Settings.LEDGER_OVERDRAFT_LIMIT_MINOR));
    }

    /** A size that is known to fit. */
    private int bytes(Setting<Long> size) {
        return Math.toIntExact(values.get(size));
    }
}
