package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.flow.Backlog;
import dev.millrace.domain.flow.Bottleneck;
import dev.millrace.domain.operations.LaneState;

import io.micrometer.core.instrument.MeterRegistry;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The Markdown page of all metrics, read from a registry in which each is registered as in a
 * process with all roles. A test keeps {@code docs/metrics.md} the same as this.
 */
public final class MetricsPage {

    private static final String HEAD =
            """
            # Metrics

            This page is made from the code: `./millrace config --metrics > docs/metrics.md`.

            `GET /metrics` on the management port has all of them in Prometheus' text format: ours, those of the JVM, and those
            of the libraries, in one registry and one scrape. Asking costs broker and database nothing: what comes from them is
            asked in the background (`MILLRACE_STATISTICS_INTERVAL`; the sizes of tables once a minute, from the catalog) and
            kept. A series that nobody knows the value of is `NaN`, never 0.

            The number of series depends on streams, subscriptions, partitions, lanes and tables, and on nothing that events
            bring along: no label is a key, a message ID, an account or a caller. A test counts the series of a running service
            before and after thousands of new keys.

            A histogram `x` is the series `x_bucket`, `x_count` and `x_sum`; beside it the gauge `x_max` has the largest value
            of the last minutes.

            ## Ours
            | Name | Type | Unit | Labels | Meaning |
            | --- | --- | --- | --- | --- |
            """;

    private static final String LIBRARIES =
            """

            ## Of the libraries
            Their names and labels are their own, and so are their changes from version to version.

            | Prefix | Of |
            | --- | --- |
            """;

    /** The families of the libraries, by what their names begin with. */
    private static final SortedMap<String, String> PREFIXES =
            new TreeMap<>(
                    Map.of(
                            "hikaricp_", "the pool of connections to PostgreSQL",
                            "jetty_",
                                    "both servers, by `server` (`gate`, `management`): connections,"
                                            + " and the platform threads that serve them",
                            "jvm_", "memory, garbage collection, classes, threads, virtual threads",
                            "process_", "start time, time up, processor time, open files",
                            "pulsar_client_",
                                    "Pulsar's client by its own OpenTelemetry instruments:"
                                            + " connections, lookups, producers, consumers; without"
                                            + " the pending messages of producers and the receive"
                                            + " queues of consumers, which cost more to count than"
                                            + " all others",
                            "system_", "the processors of the machine, and their load",
                            "target_info", "the OpenTelemetry resource"));

    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"");

    private MetricsPage() {}

    /** One family of series, as a scrape tells it. */
    record Family(String name, String type, String meaning, SortedSet<String> labels) {

        String unit() {
            String base = name.endsWith("_total") ? name.substring(0, name.length() - 6) : name;
            for (String unit : List.of("seconds", "bytes")) {
                if (base.endsWith("_" + unit)) {
                    return unit;
                }
            }
            return "";
        }
    }

    /** The page, with a line feed at its end. */
    public static String markdown() {
        StringBuilder page = new StringBuilder(HEAD);
        ours().forEach(family -> page.append(row(family)));
        page.append(LIBRARIES);
        PREFIXES.forEach((prefix, of) -> page.append("| `%s` | %s |\n".formatted(prefix, of)));
        return page.toString();
    }

    /** Our own families by their names. */
    static List<Family> ours() {
        try (Metrics metrics = Metrics.on()) {
            register(metrics.registry());
            SortedMap<String, Family> all = families(metrics.scrape());
            return all.values().stream()
                    .filter(family -> family.name().startsWith("millrace_"))
                    .filter(family -> !isMaximum(family, all))
                    .toList();
        }
    }

    private static boolean isMaximum(Family family, Map<String, Family> all) {
        return family.name().endsWith("_max")
                && all.containsKey(family.name().substring(0, family.name().length() - 4));
    }

    /** All families of a scrape, by name. */
    static SortedMap<String, Family> families(String scrape) {
        SortedMap<String, Family> families = new TreeMap<>();
        Map<String, String> meanings = new TreeMap<>();
        Family current = null;
        for (String line : scrape.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                meanings.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                current =
                        new Family(
                                words[2],
                                words[3],
                                meanings.getOrDefault(words[2], ""),
                                new TreeSet<>());
                families.put(current.name(), current);
            } else if (current != null) {
                Matcher label = LABEL.matcher(line);
                while (label.find()) {
                    if (!label.group(1).equals("le")) {
                        current.labels().add(label.group(1));
                    }
                }
            }
        }
        return families;
    }

    private static String row(Family family) {
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        family.name(),
                        family.type(),
                        family.unit(),
                        family.labels().stream()
                                .map(label -> "`" + label + "`")
                                .collect(Collectors.joining(", ")),
                        family.meaning());
    }

    /** Registers each kind of series once. */
    private static void register(MeterRegistry registry) {
        Tenant tenant = new Tenant("tenant");
        StreamName stream = new StreamName("stream");
        SubscriptionId subscription =
                new SubscriptionId(tenant, new Namespace("events"), stream, "name");
        MicrometerMeasurements measurements = new MicrometerMeasurements(registry, tenant);
        measurements.expect(stream);
        measurements.expect(subscription);
        AuditGauges _ =
                new AuditGauges(
                        registry,
                        List.of(subscription),
                        (_, _, _) -> {
                            throw new IllegalStateException("nothing is audited here");
                        },
                        InstantSource.system());
        BacklogGauges.register(registry, subscription, () -> Backlog.UNKNOWN, () -> Double.NaN);
        BottleneckGauges.register(registry, () -> Bottleneck.Kind.NONE);
        CapacityGauges.decisions(registry, () -> 0);
        CapacityGauges.gate(registry, () -> 0);
        LaneGauges.register(registry, subscription, 1, () -> List.of(LaneState.STARTING));
        LaneGauges.breaker(registry, subscription, () -> false);
        OutboxGauges.register(registry, subscription, () -> OutboxLoad.NONE);
        ParkedGauges.register(registry, subscription, () -> ParkedLoad.NONE, Optional::empty);
        PartitionGauges.register(registry, tenant, stream, 1, OptionalInt::empty);
        PurgeMeters _ = new PurgeMeters(registry, "records");
        RequestMeters _ = new RequestMeters(registry);
        new TableGauges(registry).show(List.of(new TableGauges.Size("table", 0, 0)));
    }
}
