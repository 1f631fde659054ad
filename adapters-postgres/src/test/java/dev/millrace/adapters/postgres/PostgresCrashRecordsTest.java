package dev.millrace.adapters.postgres;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.contract.CrashRecordsContract;
import dev.millrace.ports.counter.Deliveries;
import dev.millrace.ports.driven.CrashRecords;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class PostgresCrashRecordsTest extends CounterTests implements CrashRecordsContract {

    private final Map<String, CrashRecords> processes = new HashMap<>();

    PostgresCrashRecordsTest() throws SQLException {}

    @BeforeEach
    void forget_processes() {
        processes.clear();
    }

    @Test
    void the_note_before_a_run_does_not_wait_for_the_disk_and_what_convicts_does()
            throws SQLException {
        CrashRecords crashes = crashes(FIRST, "p1");
        assertThat(crashes.takeOn(List.of(delivery("m1", add("a", 1), 1)))).isEmpty();
        assertThat(database.texts("SELECT entries::text FROM run_under_way"))
                .containsExactly("{7:1}");
        assertThat(database.texts("SHOW synchronous_commit")).containsExactly("on");
        crashes.enter(at(1));
        assertThat(database.texts("SELECT process FROM lone_run")).containsExactly("p1");
    }

    @Test
    void the_purge_forgets_what_is_older_than_a_day() throws SQLException {
        for (String process : List.of("old", "new")) {
            var _ = crashes(FIRST, process).takeOn(List.of(delivery("m1", add("a", 1), 1)));
            crashes(FIRST, process).enter(at(1));
        }
        database.execute(
                "UPDATE run_under_way SET noted_at = now() - interval '25 hours' WHERE process ="
                        + " 'old'; UPDATE lone_run SET began_at = now() - interval '25 hours' WHERE"
                        + " process = 'old'");

        assertThat(
                        new PostgresRecordStore(database.database())
                                .purge(FIRST, Deliveries.PUBLISHED_AT, 10))
                .isZero();

        assertThat(database.texts("SELECT process FROM run_under_way")).containsExactly("new");
        assertThat(database.texts("SELECT process FROM lone_run")).containsExactly("new");
    }

    @Override
    public CrashRecords crashes(SubscriptionId subscription, String process) {
        return processes.computeIfAbsent(
                subscription + process,
                any -> new PostgresCrashRecords(database.database(), subscription, process));
    }
}
