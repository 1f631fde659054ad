package dev.millrace.bootstrap.architecture;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The types that adapters show, listed by hand: what the composition root needs, and what an
 * adapter's engine offers to the sample business beside it.
 */
final class Entries {

    private static final Stream<String> HTTP =
            Stream.of(
                    "GateLimits",
                    "GateServer",
                    "GateSettings",
                    "StreamGate",
                    "answers.FieldError",
                    "answers.JsonBody",
                    "callers.CallerRate",
                    "json.EventFields",
                    "json.EventReader",
                    "json.EventWriter",
                    "json.Field",
                    "json.Reading",
                    "ledger.LedgerEventReader",
                    "ledger.LedgerEventWriter",
                    "ledger.LedgerRoutes",
                    "management.ManagementServer",
                    "management.ManagementSettings",
                    "operations.AuditRoutes",
                    "operations.ConservationRoutes",
                    "operations.CopyRoutes",
                    "operations.EditRoutes",
                    "operations.LaneRoutes",
                    "operations.LifeRoutes",
                    "operations.OperationRoute",
                    "operations.ParkedRoutes",
                    "operations.QuarantineRoutes",
                    "operations.RedriveRoutes",
                    "operations.ReplayRoutes",
                    "operations.StatusRoutes",
                    "operations.StreamEdits",
                    "operations.TopicRoutes",
                    "operations.TraceRoutes",
                    "reads.MessageRoutes",
                    "reads.ReadHandler",
                    "reads.ReadRequest",
                    "reads.ReadRoute");

    private static final Stream<String> PULSAR =
            Stream.of(
                    "AvroCodec",
                    "Decoding",
                    "PulsarConnection",
                    "PulsarSettings",
                    "RegisteredSchemas",
                    "TopicName",
                    "TopicSettings",
                    "TopicSetup",
                    "WireNames",
                    "WriterSchemas",
                    "driven.PublisherSettings",
                    "driven.PulsarCursor",
                    "driven.PulsarDeadLetters",
                    "driven.PulsarDecoder",
                    "driven.PulsarEncoder",
                    "driven.PulsarPlayback",
                    "driven.PulsarPublisher",
                    "driven.PulsarTopicLog",
                    "driving.LaneSettings",
                    "driving.Lanes",
                    "ledger.LedgerEventCodec");

    private static final Stream<String> POSTGRES =
            Stream.of(
                    "PostgresAuditLog",
                    "PostgresCrashRecords",
                    "PostgresDatabase",
                    "PostgresGaps",
                    "PostgresInbox",
                    "PostgresLaneBoard",
                    "PostgresMessageArchive",
                    "PostgresMessageHistory",
                    "PostgresOutbox",
                    "PostgresParkedEvents",
                    "PostgresParkedKeys",
                    "PostgresQuarantine",
                    "PostgresRecordStore",
                    "PostgresRedrives",
                    "PostgresReplays",
                    "PostgresSettings",
                    "PostgresTableSizes",
                    "PostgresTracing",
                    "Rows",
                    "StateStore",
                    "ledger.LedgerStateStore",
                    "ledger.PostgresBooks");

    static final Set<String> OF_ADAPTERS =
            Stream.of(in("http", HTTP), in("pulsar", PULSAR), in("postgres", POSTGRES))
                    .flatMap(names -> names)
                    .collect(Collectors.toUnmodifiableSet());

    private Entries() {}

    private static Stream<String> in(String adapter, Stream<String> names) {
        return names.map(name -> "dev.millrace.adapters." + adapter + "." + name);
    }
}
