package dev.millrace.bootstrap.configuration;

import dev.millrace.adapters.pulsar.TopicSettings;
import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.ledger.LedgerStream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The catalogue of everything that can be set: the one place where a setting has its name, its
 * rule, its default and its meaning. The reference page is made from it.
 */
public final class Settings {

    private static final List<Setting<?>> DECLARED = new ArrayList<>();

    // The process
    // -----------------------------------------------------------------------------------------------------

    private static final String PROCESS = "The process";

    public static final Setting<Set<Role>> ROLES =
            declare(
                    PROCESS,
                    "millrace.roles",
                    Kind.choices(Role.class),
                    "gate,worker,reads",
                    "What this process does. A gate takes events in and needs only the broker, a"
                            + " worker applies them and needs both, reads answers queries and needs"
                            + " only the database.");
    public static final Setting<Duration> SHUTDOWN_TIMEOUT =
            declare(
                    PROCESS,
                    "millrace.shutdown.timeout",
                    Kind.duration("1s", "1h"),
                    "30s",
                    "How long a stop may take: requests under way, batches under way,"
                            + " acknowledgements. What is not done by then is cut off, which loses"
                            + " nothing and repeats some work.");
    public static final Setting<String> STACK_DIRECTORY =
            declare(
                    PROCESS,
                    "millrace.stack.directory",
                    Kind.text(),
                    ".millrace",
                    "The folder of the embedded stack. The addresses of broker and database are"
                        + " read from its `endpoints.properties` when none is named; `gate.url` and"
                        + " `management.url` are written there.");
    public static final Setting<LogFormat> LOG_FORMAT =
            declare(
                    PROCESS,
                    "millrace.log.format",
                    Kind.choice(LogFormat.class),
                    "text",
                    "How log lines are written: for people, or one JSON object a line.");
    public static final Setting<LogLevel> LOG_LEVEL =
            declare(
                    PROCESS,
                    "millrace.log.level",
                    Kind.choice(LogLevel.class),
                    "info",
                    "The least urgent lines of our own that are logged. What the libraries log"
                            + " starts at `warn`.");

    // Metrics and traces
    // ---------------------------------------------------------------------------------------------------

    private static final String SEEING = "Metrics and traces";

    public static final Setting<Switch> METRICS =
            declare(
                    SEEING,
                    "millrace.metrics",
                    Kind.choice(Switch.class),
                    "on",
                    "Whether anything is counted and timed. `off` is for measuring what that costs:"
                            + " `/metrics` is empty then, and status and bottleneck know nothing.");
    public static final Setting<Double> TRACING_SAMPLING =
            declare(
                    SEEING,
                    "millrace.tracing.sampling",
                    Kind.share(),
                    "0.1",
                    "Which share of the requests that name no trace is traced; beside it the first"
                            + " one of each second is, and each whose `traceparent` says that it is"
                            + " sampled. 0 traces nothing, and carries on what callers name.");
    public static final Setting<Integer> TRACING_KEPT_SPANS =
            declare(
                    SEEING,
                    "millrace.tracing.kept.spans",
                    Kind.integer(100, 1_000_000),
                    "10000",
                    "How many spans this process keeps of its last traces, to show them by itself:"
                            + " about 1 KiB each. Half of them is for traces in which something"
                            + " failed or waits.");
    public static final Setting<String> TRACING_OTLP_ENDPOINT =
            declare(
                    SEEING,
                    "millrace.tracing.otlp.endpoint",
                    Kind.address("http://", "https://"),
                    "",
                    "Where spans are sent to, as OTLP over HTTP with its path:"
                            + " `http://collector:4318/v1/traces`. Nowhere when it is not set.");

    // HTTP
    // ------------------------------------------------------------------------------------------------------------

    private static final String HTTP = "HTTP";

    public static final Setting<String> BIND_ADDRESS =
            declare(
                    HTTP,
                    "millrace.bind.address",
                    Kind.text(),
                    "127.0.0.1",
                    "The address that both ports listen on; `0.0.0.0` for every one of this"
                            + " machine.");
    public static final Setting<Integer> GATE_PORT =
            declare(
                    HTTP,
                    "millrace.gate.port",
                    Kind.integer(0, 65_535),
                    "8080",
                    "The public port: events in, reads. 0 for a free one.");
    public static final Setting<Integer> MANAGEMENT_PORT =
            declare(
                    HTTP,
                    "millrace.management.port",
                    Kind.integer(0, 65_535),
                    "8081",
                    "The port of health, metrics and operations, never public. 0 for a free one.");
    public static final Setting<Long> GATE_MAX_BODY =
            declare(
                    HTTP,
                    "millrace.gate.max.body",
                    Kind.size("1KiB", "1GiB"),
                    "16MiB",
                    "The largest request body, as sent and as unpacked; reading stops there"
                            + " with 413.");
    public static final Setting<Integer> GATE_MAX_ITEMS =
            declare(
                    HTTP,
                    "millrace.gate.max.items",
                    Kind.integer(1, 1_000_000),
                    "10000",
                    "The most events in one request; reading stops there with 413.");
    public static final Setting<Long> GATE_MAX_EVENT =
            declare(
                    HTTP,
                    "millrace.gate.max.event",
                    Kind.size("1KiB", "4MiB"),
                    "64KiB",
                    "The largest event, as it is written; more is 413 for that event.");
    public static final Setting<Long> GATE_MAX_HEADERS =
            declare(
                    HTTP,
                    "millrace.gate.max.headers",
                    Kind.size("1KiB", "1MiB"),
                    "8KiB",
                    "The largest request head; more is 431.");
    public static final Setting<Integer> GATE_MAX_CONNECTIONS =
            declare(
                    HTTP,
                    "millrace.gate.max.connections",
                    Kind.integer(1, 1_000_000),
                    "4096",
                    "The most open connections; further ones wait to be accepted.");
    public static final Setting<Integer> GATE_MAX_REQUESTS =
            declare(
                    HTTP,
                    "millrace.gate.max.requests",
                    Kind.integer(1, 1_000_000),
                    "1024",
                    "The most requests under way at once; past it the answer is 429.");
    public static final Setting<Integer> GATE_MAX_EVENTS =
            declare(
                    HTTP,
                    "millrace.gate.max.events",
                    Kind.integer(1, 10_000_000),
                    "20000",
                    "The most events that may be on their way to the broker at once; past it the"
                            + " answer is 429.");
    public static final Setting<Long> GATE_MAX_BUFFERED =
            declare(
                    HTTP,
                    "millrace.gate.max.buffered",
                    Kind.size("1KiB", "64GiB"),
                    "128MiB",
                    "The most bytes that all requests under way may hold together; past it the"
                            + " answer is 429.");
    public static final Setting<Duration> GATE_BODY_TIMEOUT =
            declare(
                    HTTP,
                    "millrace.gate.body.timeout",
                    Kind.duration("100ms", "10m"),
                    "10s",
                    "How long a caller may take to send the head of a request, and how long its"
                            + " body may keep the gate waiting, in all; longer is 408.");
    public static final Setting<Duration> GATE_IDLE_TIMEOUT =
            declare(
                    HTTP,
                    "millrace.gate.idle.timeout",
                    Kind.duration("1s", "1h"),
                    "30s",
                    "How long a connection may be silent.");
    public static final Setting<Duration> GATE_DRAIN =
            declare(
                    HTTP,
                    "millrace.gate.drain",
                    Kind.duration("0s", "10m"),
                    "5s",
                    "How long a gate that stops goes on as ever while it says that it is not ready,"
                            + " so that balancers turn elsewhere; each answer is then the last of"
                            + " its connection. At least as long as they take to notice, and as"
                            + " callers leave a connection idle. Part of"
                            + " `millrace.shutdown.timeout`, and less; 0s for none.");
    public static final Setting<Duration> GATE_RETRY_AFTER =
            declare(
                    HTTP,
                    "millrace.gate.retry.after",
                    Kind.duration("1s", "1h"),
                    "1s",
                    "What a caller is told to wait after 429 and 503.");
    public static final Setting<Integer> GATE_RATE_LIMIT =
            declare(
                    HTTP,
                    "millrace.gate.rate.limit",
                    Kind.integer(0, 10_000_000),
                    "0",
                    "How many events a second each caller may send in the long run; past it the"
                            + " answer is 429. 0 for no limit.");
    public static final Setting<Integer> GATE_RATE_BURST =
            declare(
                    HTTP,
                    "millrace.gate.rate.burst",
                    Kind.integer(1, 10_000_000),
                    "10000",
                    "How many events a caller may send at once after a pause, where there is a"
                            + " limit.");
    public static final Setting<String> GATE_RATE_HEADER =
            declare(
                    HTTP,
                    "millrace.gate.rate.header",
                    Kind.text(),
                    "",
                    "The header in which a trusted proxy names the caller; it must replace what a"
                            + " caller writes there. Without it callers are told apart by their"
                            + " address.");

    // Streams and topics
    // ----------------------------------------------------------------------------------------------

    private static final String TOPICS = "Topics and subscriptions";

    public static final Setting<Tenant> TENANT =
            declare(
                    TOPICS,
                    "millrace.tenant",
                    Kind.model("name", Tenant::new),
                    "millrace",
                    "Who owns the events; also the broker's tenant.");
    public static final Setting<Namespace> NAMESPACE =
            declare(
                    TOPICS,
                    "millrace.namespace",
                    Kind.model("name", Namespace::new),
                    "events",
                    "The broker's namespace of the topics.");
    public static final Setting<Integer> PARTITIONS =
            declare(
                    TOPICS,
                    "millrace.partitions",
                    Kind.integer(1, 1_024),
                    "4",
                    "Partitions of a topic, fixed when it is created.");
    public static final Setting<Integer> BUCKETS =
            declare(
                    TOPICS,
                    "millrace.buckets",
                    Kind.integer(1, 256),
                    "4",
                    "Ordering keys in each partition, fixed when the topic is created. Few fill the"
                            + " batches, many let more `key_shared` lanes work.");
    public static final Setting<Duration> RETENTION =
            declare(
                    TOPICS,
                    "millrace.retention",
                    Kind.duration("1m", "36500d"),
                    "7d",
                    "How long a topic keeps what every subscription has acknowledged: how far a"
                            + " replay can go back.");
    public static final Setting<Long> RETENTION_SIZE =
            declare(
                    TOPICS,
                    "millrace.retention.size",
                    Kind.size("1MiB", "1048576GiB"),
                    "64GiB",
                    "How much of it each partition keeps at most; too little cuts the time short.");
    public static final Setting<Long> BACKLOG_QUOTA =
            declare(
                    TOPICS,
                    "millrace.backlog.quota",
                    Kind.size("1MiB", "1048576GiB"),
                    "32GiB",
                    "How much a subscription may leave unacknowledged in a partition before the"
                        + " broker takes no more events; the gate then answers 503. Less than the"
                        + " retention's size.");
    public static final Setting<TopicSettings.Replication> REPLICATION =
            declare(
                    TOPICS,
                    "millrace.replication",
                    Kind.replication(),
                    "1/1/1",
                    "How many bookies an event is spread over, written to, and waited for; `1/1/1`"
                            + " suits the embedded broker, `3/3/2` a cluster.");
    public static final Setting<Preparation> SETUP =
            declare(
                    TOPICS,
                    "millrace.setup",
                    Kind.choice(Preparation.class),
                    "apply",
                    "Whether tenant, namespace, policies, topics, schemas and subscriptions are"
                            + " created where they are missing, or only verified.");
    public static final Setting<String> SUBSCRIPTION_NAME =
            declare(
                    TOPICS,
                    "millrace.subscription.name",
                    Kind.text(),
                    "ledger",
                    "The name of the one subscription of the stream `ledger-entries`.");
    public static final Setting<SubscriptionType> SUBSCRIPTION_TYPE =
            declare(
                    TOPICS,
                    "millrace.subscription.type",
                    Kind.choice(SubscriptionType.class),
                    "key_shared",
                    "Who receives what. All but `shared` keep the order of each key.");
    public static final Setting<Integer> LANES =
            declare(
                    TOPICS,
                    "millrace.lanes",
                    Kind.integer(1, 1_024),
                    "2",
                    "Consumers of that subscription in this process: 1 for `exclusive`, at most the"
                        + " partitions for `failover`, at most the buckets of all partitions for"
                        + " `key_shared`.");
    public static final Setting<List<SubscriptionSettings>> LEDGER_SUBSCRIPTIONS =
            declare(
                    TOPICS,
                    "millrace.streams.ledger-entries.subscriptions",
                    SubscriptionList.kind(),
                    "",
                    "The subscriptions of the stream `"
                            + LedgerStream.NAME.value()
                            + "`, each `name:type:lanes`, separated by commas; in place of the"
                            + " three settings above. Two on one state store are refused, since"
                            + " both would book.");

    // Publishing
    // ------------------------------------------------------------------------------------------------------

    private static final String PULSAR = "Pulsar";

    public static final Setting<String> PULSAR_SERVICE_URL =
            declare(
                    PULSAR,
                    "millrace.pulsar.service.url",
                    Kind.address("pulsar://", "pulsar+ssl://"),
                    "",
                    "The broker. When neither this nor the next is set: the embedded stack's.");
    public static final Setting<String> PULSAR_ADMIN_URL =
            declare(
                    PULSAR,
                    "millrace.pulsar.admin.url",
                    Kind.address("http://", "https://"),
                    "",
                    "The broker's administration.");
    public static final Setting<Duration> PULSAR_OPERATION_TIMEOUT =
            declare(
                    PULSAR,
                    "millrace.pulsar.operation.timeout",
                    Kind.duration("1s", "5m"),
                    "10s",
                    "How long one question to the broker may take.");
    public static final Setting<Duration> PULSAR_KEEP_ALIVE =
            declare(
                    PULSAR,
                    "millrace.pulsar.keep.alive",
                    Kind.duration("1s", "5m"),
                    "10s",
                    "How long the connection to the broker may be silent before it is tested; one"
                            + " that does not answer for as long again is given up. In whole"
                            + " seconds. The broker has its own, `keepAliveIntervalSeconds`, after"
                            + " which it gives the keys of a silent consumer to others.");
    public static final Setting<Long> PULSAR_MEMORY =
            declare(
                    PULSAR,
                    "millrace.pulsar.memory",
                    Kind.size("1MiB", "64GiB"),
                    "64MiB",
                    "What the client may hold of events on their way to the broker; past it the"
                            + " gate answers 503.");
    public static final Setting<Duration> PUBLISH_MAX_DELAY =
            declare(
                    PULSAR,
                    "millrace.publish.max.delay",
                    Kind.duration("1ms", "10s"),
                    "5ms",
                    "How long an event may wait for others to share its batch.");
    public static final Setting<Integer> PUBLISH_MAX_EVENTS =
            declare(
                    PULSAR,
                    "millrace.publish.max.events",
                    Kind.integer(1, 100_000),
                    "1000",
                    "The most events in one batch of a partition.");
    public static final Setting<Long> PUBLISH_MAX_SIZE =
            declare(
                    PULSAR,
                    "millrace.publish.max.size",
                    Kind.size("1KiB", "4MiB"),
                    "512KiB",
                    "The most bytes in one batch of a partition.");
    public static final Setting<Integer> PUBLISH_MAX_PENDING =
            declare(
                    PULSAR,
                    "millrace.publish.max.pending",
                    Kind.integer(1, 1_000_000),
                    "10000",
                    "The most events of one partition that wait for their receipts; past it the"
                            + " gate answers 503.");
    public static final Setting<Duration> PUBLISH_TIMEOUT =
            declare(
                    PULSAR,
                    "millrace.publish.timeout",
                    Kind.duration("1s", "5m"),
                    "5s",
                    "How long the broker may take for a receipt; after it the answer is 504.");
    public static final Setting<Integer> BATCH_MAX_EVENTS =
            declare(
                    PULSAR,
                    "millrace.batch.max.events",
                    Kind.integer(1, 10_000),
                    "500",
                    "The most events that a lane applies in one transaction.");
    public static final Setting<Long> BATCH_MAX_SIZE =
            declare(
                    PULSAR,
                    "millrace.batch.max.size",
                    Kind.size("1KiB", "1GiB"),
                    "4MiB",
                    "The most bytes that a lane applies in one transaction.");
    public static final Setting<Duration> BATCH_MAX_DELAY =
            declare(
                    PULSAR,
                    "millrace.batch.max.delay",
                    Kind.duration("1ms", "200ms"),
                    "20ms",
                    "How long a lane waits for a batch to fill.");
    public static final Setting<Duration> RECEIPT_TIMEOUT =
            declare(
                    PULSAR,
                    "millrace.receipt.timeout",
                    Kind.duration("1s", "5m"),
                    "10s",
                    "How long a lane waits for the receipt of an acknowledgement; without one the"
                            + " batch may arrive again.");
    public static final Setting<Duration> STATISTICS_INTERVAL =
            declare(
                    PULSAR,
                    "millrace.statistics.interval",
                    Kind.duration("500ms", "10m"),
                    "3s",
                    "How often the broker is asked for backlogs, and whether every subscription"
                            + " exists.");

    // PostgreSQL
    // ------------------------------------------------------------------------------------------------------

    private static final String POSTGRES = "PostgreSQL";

    public static final Setting<String> POSTGRES_URL =
            declare(
                    POSTGRES,
                    "millrace.postgres.url",
                    Kind.address("jdbc:postgresql://"),
                    "",
                    "The database. When none of the three is set: the embedded stack's.");
    public static final Setting<String> POSTGRES_USER =
            declare(POSTGRES, "millrace.postgres.user", Kind.text(), "", "Its user.");
    public static final Setting<String> POSTGRES_PASSWORD =
            declareSecret(
                    POSTGRES,
                    "millrace.postgres.password",
                    Kind.text(),
                    "",
                    "Its password; empty where the database asks for none.");
    public static final Setting<OptionalInt> POSTGRES_POOL_SIZE =
            declare(
                    POSTGRES,
                    "millrace.postgres.pool.size",
                    Kind.integerOrAuto(1, 1_000),
                    "auto",
                    "Connections to the database at most; `auto` is one for each lane and six"
                            + " more.");
    public static final Setting<Duration> POSTGRES_CONNECTION_TIMEOUT =
            declare(
                    POSTGRES,
                    "millrace.postgres.connection.timeout",
                    Kind.duration("250ms", "5m"),
                    "2s",
                    "How long to wait for a connection.");
    public static final Setting<Duration> POSTGRES_LOCK_TIMEOUT =
            declare(
                    POSTGRES,
                    "millrace.postgres.lock.timeout",
                    Kind.duration("10ms", "5m"),
                    "3s",
                    "How long a statement may wait for a lock.");
    public static final Setting<Duration> POSTGRES_STATEMENT_TIMEOUT =
            declare(
                    POSTGRES,
                    "millrace.postgres.statement.timeout",
                    Kind.duration("10ms", "10m"),
                    "10s",
                    "How long a statement may run; longer than the lock timeout.");
    public static final Setting<Duration> POSTGRES_SOCKET_TIMEOUT =
            declare(
                    POSTGRES,
                    "millrace.postgres.socket.timeout",
                    Kind.duration("1s", "30m"),
                    "20s",
                    "How long the database may be silent; longer than the statement timeout.");
    public static final Setting<Duration> POSTGRES_IDLE_TIMEOUT =
            declare(
                    POSTGRES,
                    "millrace.postgres.idle.timeout",
                    Kind.duration("100ms", "30m"),
                    "15s",
                    "How long a transaction may do nothing; longer than the statement timeout.");
    public static final Setting<Duration> POSTGRES_TRANSACTION_TIMEOUT =
            declare(
                    POSTGRES,
                    "millrace.postgres.transaction.timeout",
                    Kind.duration("1s", "1h"),
                    "30s",
                    "How long a transaction may last; longer than the idle timeout.");
    public static final Setting<Duration> POSTGRES_MAX_LIFETIME =
            declare(
                    POSTGRES,
                    "millrace.postgres.max.lifetime",
                    Kind.duration("30s", "7d"),
                    "15m",
                    "After which time a connection is replaced, so that a moved database is found"
                            + " again.");
    public static final Setting<Preparation> MIGRATIONS =
            declare(
                    POSTGRES,
                    "millrace.migrations",
                    Kind.choice(Preparation.class),
                    "apply",
                    "Whether the start migrates an older schema, or refuses it; `millrace migrate`"
                            + " does it beforehand. A newer one is always accepted.");

    // Outages and purge
    // -----------------------------------------------------------------------------------------------

    private static final String POLICY = "Outages and purge";

    public static final Setting<Duration> OUTAGE_BACKOFF_FIRST =
            declare(
                    POLICY,
                    "millrace.outage.backoff.first",
                    Kind.duration("10ms", "1m"),
                    "200ms",
                    "After an outage is noticed: how long until the first probe. It doubles with"
                            + " each failure.");
    public static final Setting<Duration> OUTAGE_BACKOFF_CAP =
            declare(
                    POLICY,
                    "millrace.outage.backoff.cap",
                    Kind.duration("10ms", "10m"),
                    "5s",
                    "The longest time between two probes.");
    public static final Setting<Duration> OUTAGE_PROBE_PATIENCE =
            declare(
                    POLICY,
                    "millrace.outage.probe.patience",
                    Kind.duration("100ms", "10m"),
                    "30s",
                    "How long the other lanes leave a probing one alone at most.");
    public static final Setting<Duration> OUTAGE_WITHDRAW_AFTER =
            declare(
                    POLICY,
                    "millrace.outage.withdraw.after",
                    Kind.duration("1s", "1h"),
                    "15s",
                    "How long an outage may last before the lanes close their consumers, so that"
                            + " other processes may have their keys.");
    public static final Setting<Duration> PURGE_HORIZON =
            declare(
                    POLICY,
                    "millrace.purge.horizon",
                    Kind.duration("2m", "73000d"),
                    "14d",
                    "How long an idempotency record is kept at least; longer than the retention. A"
                            + " caller must not retry a message ID after it.");
    public static final Setting<Duration> PURGE_INTERVAL =
            declare(
                    POLICY,
                    "millrace.purge.interval",
                    Kind.duration("1s", "30d"),
                    "1h",
                    "How often records are let go whose time is over.");
    public static final Setting<Integer> PURGE_STEP =
            declare(
                    POLICY,
                    "millrace.purge.step",
                    Kind.integer(1, 100_000),
                    "5000",
                    "How many records one transaction of the purge deletes at most.");
    public static final Setting<Optional<Duration>> AUDIT_LOG_RETENTION =
            declare(
                    POLICY,
                    "millrace.audit.log.retention",
                    Kind.durationOrNever("1d", "73000d"),
                    "365d",
                    "How long the audit log keeps an act; with `never` none is let go.");
    public static final Setting<Optional<Duration>> JOBS_RETENTION =
            declare(
                    POLICY,
                    "millrace.jobs.retention",
                    Kind.durationOrNever("1d", "73000d"),
                    "30d",
                    "How long a redrive or replay that has ended can still be looked at; with"
                            + " `never` none is let go.");
    public static final Setting<Optional<Duration>> QUARANTINE_DISCARD_AFTER =
            declare(
                    POLICY,
                    "millrace.quarantine.discard.after",
                    Kind.durationOrNever("1d", "73000d"),
                    "never",
                    "After how long an event in quarantine that nobody has dealt with is discarded,"
                            + " for good and with a row in the audit log; its key goes on. Set it"
                            + " only where events may not be kept for longer.");
    public static final Setting<Duration> AUDIT_INTERVAL =
            declare(
                    POLICY,
                    "millrace.audit.interval",
                    Kind.duration("0s", "30d"),
                    "0s",
                    "How often this worker holds the tables of its subscriptions against their"
                            + " topics, for what was published within the last two intervals; with"
                            + " `0s` only when it is asked to. Set it on one worker, since every"
                            + " audit is of all.");

    // Failures
    // -----------------------------------------------------------------------------------------------

    private static final String FAILURES = "Failures";

    public static final Setting<Duration> DECISION_TIMEOUT =
            declare(
                    FAILURES,
                    "millrace.decision.timeout",
                    Kind.duration("10ms", "1m"),
                    "1s",
                    "How long the rules may take over one event; one that takes longer has failed."
                            + " Less than the lock timeout.");
    public static final Setting<Integer> DECISION_MAX_HANGING =
            declare(
                    FAILURES,
                    "millrace.decision.max.hanging",
                    Kind.integer(1, 64),
                    "4",
                    "How many decisions that never return may each hold a thread; with so many the"
                            + " lanes pause, and the process says that it is not live.");
    public static final Setting<Integer> RETRY_MAX_ATTEMPTS =
            declare(
                    FAILURES,
                    "millrace.retry.max.attempts",
                    Kind.integer(2, 1_000),
                    "8",
                    "After how many failed tries an event goes to quarantine; the first counts.");
    public static final Setting<Duration> RETRY_BACKOFF_FIRST =
            declare(
                    FAILURES,
                    "millrace.retry.backoff.first",
                    Kind.duration("10ms", "1h"),
                    "1s",
                    "How long a parked event waits for its second try, less up to a half by"
                            + " chance. It doubles with each failure.");
    public static final Setting<Duration> RETRY_BACKOFF_CAP =
            declare(
                    FAILURES,
                    "millrace.retry.backoff.cap",
                    Kind.duration("10ms", "7d"),
                    "5m",
                    "The longest time between two tries.");
    public static final Setting<Duration> RELEASE_INTERVAL =
            declare(
                    FAILURES,
                    "millrace.release.interval",
                    Kind.duration("10ms", "1m"),
                    "500ms",
                    "How often parked events are looked at, and how much is parked.");
    public static final Setting<Duration> RELAY_INTERVAL =
            declare(
                    FAILURES,
                    "millrace.relay.interval",
                    Kind.duration("10ms", "1m"),
                    "1s",
                    "How often to look for what has entered quarantine and is to be published to"
                            + " the dead-letter topic.");
    public static final Setting<Duration> RELAY_TERM =
            declare(
                    FAILURES,
                    "millrace.relay.term",
                    Kind.duration("1s", "10m"),
                    "30s",
                    "How long a process that publishes dead letters may be silent before another"
                            + " one takes over. More than the interval; with less than the publish"
                            + " timeout a slow broker makes for repeats.");
    public static final Setting<AfterQuarantine> LEDGER_AFTER_QUARANTINE =
            declare(
                    FAILURES,
                    "millrace.streams.ledger-entries.after.quarantine",
                    Kind.choice(AfterQuarantine.class),
                    "waits",
                    "What becomes of a key of the stream `"
                            + LedgerStream.NAME.value()
                            + "` whose first parked event went to quarantine: its later events wait"
                            + " for a person, or go on without it.");
    public static final Setting<Long> PARKED_MAX_EVENTS =
            declare(
                    FAILURES,
                    "millrace.parked.max.events",
                    Kind.longInteger(1, 100_000_000),
                    "100000",
                    "How many events of a subscription may be parked before its lanes pause.");
    public static final Setting<Long> PARKED_MAX_SIZE =
            declare(
                    FAILURES,
                    "millrace.parked.max.size",
                    Kind.size("1KiB", "1024GiB"),
                    "256MiB",
                    "How many bytes of them may be parked before its lanes pause.");
    public static final Setting<Long> PARKED_MAX_OF_ONE_KEY =
            declare(
                    FAILURES,
                    "millrace.parked.max.of.one.key",
                    Kind.longInteger(1, 100_000_000),
                    "10000",
                    "How many events of one key may be parked before the log warns; it stops"
                            + " nobody.");

    // FORK: the sample business's own settings
    // ------------------------------------------------------------------------

    private static final String LEDGER = "The ledger";

    public static final Setting<Long> LEDGER_OVERDRAFT_LIMIT_MINOR =
            declare(
                    LEDGER,
                    "millrace.ledger.overdraft.limit.minor",
                    Kind.longInteger(0, Long.MAX_VALUE),
                    "0",
                    "How far below zero a debit may take a balance, in minor units.");

    private Settings() {}

    /** All of them, in the order of the reference page. */
    public static List<Setting<?>> all() {
        return List.copyOf(DECLARED);
    }

    private static <T> Setting<T> declare(
            String section, String name, Kind<T> kind, String fallback, String meaning) {
        Setting<T> setting = new Setting<>(section, name, kind, fallback, false, meaning);
        DECLARED.add(setting);
        return setting;
    }

    private static <T> Setting<T> declareSecret(
            String section, String name, Kind<T> kind, String fallback, String meaning) {
        Setting<T> setting = new Setting<>(section, name, kind, fallback, true, meaning);
        DECLARED.add(setting);
        return setting;
    }
}
