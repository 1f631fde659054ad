package dev.millrace.bootstrap.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.pulsar.driving.LaneSettings;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** The arithmetic that docs/capacity.md does in the open is the code's own. */
class CapacityPageTest {

    private static final long OBJECTS_AROUND_AN_EVENT = 1_024;

    private static Configuration configuration;
    private static List<List<String>> rows;

    @BeforeAll
    static void read() throws IOException {
        configuration =
                ConfigurationReader.read(
                        Map.of(
                                "MILLRACE_PULSAR_SERVICE_URL", "pulsar://broker:6650",
                                "MILLRACE_PULSAR_ADMIN_URL", "http://broker:8080",
                                "MILLRACE_POSTGRES_URL", "jdbc:postgresql://database/millrace",
                                "MILLRACE_POSTGRES_USER", "millrace"),
                        "");
        rows =
                Files.readAllLines(Path.of("..", "docs", "capacity.md")).stream()
                        .filter(line -> line.startsWith("| "))
                        .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                        .toList();
    }

    @Test
    void its_counts_are_what_the_defaults_come_to() {
        int batch = batch();
        long queues = (partitions() + 1L) * LaneSettings.receiverQueue(batch);
        assertRow("batch", batch);
        assertRow("receiver queue", LaneSettings.receiverQueue(batch));
        assertRow("queues of a lane", queues);
        assertRow("queues of a process", lanes() * queues);
        assertRow("most of one partition in a lane", LaneSettings.mostOfOnePartition(batch));
        assertRow("most in a lane", LaneSettings.mostOfAll(partitions(), batch));
        assertRow("most in a process", mostOfAProcess());
        assertRow("database connections", configuration.postgres().maxPoolSize());
    }

    @Test
    void its_bytes_are_these_counts_times_the_size_of_an_event() {
        long queues = lanes() * (partitions() + 1L) * LaneSettings.receiverQueue(batch());
        assertBytes("256 bytes", 256, queues);
        assertBytes("1 KiB", 1 << 10, queues);
        assertBytes("8 KiB", 8 << 10, queues);
        assertBytes(
                "64 KiB (`MILLRACE_GATE_MAX_EVENT`)",
                configuration.gate().limits().maxEventBytes(),
                queues);
    }

    @Test
    void its_limits_of_the_broker_are_those_that_the_start_checks() {
        assertThat(row("`maxUnackedMessagesPerConsumer`").get(2))
                .isEqualTo(written(Consistency.UNACKNOWLEDGED_BY_CONSUMER));
        assertThat(row("`maxUnackedMessagesPerSubscription`").get(2))
                .isEqualTo(written(Consistency.UNACKNOWLEDGED_BY_SUBSCRIPTION));
    }

    private static void assertRow(String what, long number) {
        assertThat(row(what).getLast()).as(what).isEqualTo(written(number));
    }

    private static void assertBytes(String events, long size, long queues) {
        List<String> expected =
                LongStream.of(queues, mostOfAProcess())
                        .map(count -> (count * (size + OBJECTS_AROUND_AN_EVENT)) >> 20)
                        .mapToObj(megabytes -> written(megabytes) + " MiB")
                        .toList();
        assertThat(row(events).subList(2, 4)).as(events).isEqualTo(expected);
    }

    /** The row's cells, the first of which is empty. */
    private static List<String> row(String first) {
        return rows.stream()
                .filter(cells -> cells.get(1).equals(first))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row " + first));
    }

    private static String written(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static long mostOfAProcess() {
        return (long) lanes() * LaneSettings.mostOfAll(partitions(), batch());
    }

    private static int batch() {
        return configuration.values().get(Settings.BATCH_MAX_EVENTS);
    }

    private static int partitions() {
        return configuration.values().get(Settings.PARTITIONS);
    }

    private static int lanes() {
        return configuration.subscriptions().getFirst().lanes();
    }
}
