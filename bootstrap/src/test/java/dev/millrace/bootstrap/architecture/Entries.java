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
                    "CallerRate",
                    "EventFields",
                    "EventReader",
                    "Field",
                    "FieldError",
                    "GateLimits",
                    "GateServer",
                    "GateSettings",
                    "JsonBody",
                    "ManagementServer",
                    "ManagementSettings",
                    "MessageRoutes",
                    "ReadHandler",
                    "ReadRequest",
                    "ReadRoute",
                    "Reading",
                    "StreamGate",
                    "ledger.LedgerEventReader",
                    "ledger.LedgerRoutes");

    private static final Stream<String> PULSAR =
            Stream.of(
                    "AvroCodec",
                    "PulsarConnection",
                    "PulsarSettings",
                    "TopicName",
                    "TopicSettings",
                    "TopicSetup",
                    "WireNames",
                    "driven.PublisherSettings",
                    "driven.PulsarCursor",
                    "driven.PulsarPublisher",
                    "driving.LaneSettings",
                    "driving.LaneState",
                    "driving.Lanes",
                    "ledger.LedgerEventCodec");

    private static final Stream<String> POSTGRES =
            Stream.of(
                    "PostgresDatabase",
                    "PostgresInbox",
                    "PostgresMessageHistory",
                    "PostgresRecordStore",
                    "PostgresSettings",
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
