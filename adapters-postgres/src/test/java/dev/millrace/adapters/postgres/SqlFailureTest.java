package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ports.Unavailable;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

final class SqlFailureTest {

    private static final Map<SqlFailure, List<String>> TABLE =
            Map.of(
                    SqlFailure.COLLISION, List.of("40001", "40P01", "55P03"),
                    SqlFailure.OUTAGE,
                            List.of(
                                    "08000", "08001", "08003", "08006", "53100", "53200", "53300",
                                    "57P01", "57P02", "57P03", "58000", "58030", "25006", "55000",
                                    "0B000", "99999", "", "?"),
                    SqlFailure.OVERRUN, List.of("57014", "25P03", "25P04"),
                    SqlFailure.MISFIT,
                            List.of(
                                    "42P01", "42703", "42501", "28P01", "28000", "3D000", "3F000",
                                    "0A000"),
                    SqlFailure.EVENT,
                            List.of("22001", "22003", "22021", "23505", "23514", "54000", "P0001"),
                    SqlFailure.INTERNAL, List.of("XX000", "XX001"),
                    SqlFailure.BUG, List.of("25P02"));

    @TestFactory
    Stream<DynamicTest> a_state_has_its_verdict() {
        return TABLE.entrySet().stream()
                .flatMap(row ->
                        row.getValue().stream()
                                .map(state ->
                                        DynamicTest.dynamicTest(
                                                "'" + state + "' is " + row.getKey(),
                                                () ->
                                                        assertThat(
                                                                        SqlFailure.of(
                                                                                new SQLException(
                                                                                        "failed",
                                                                                        state)))
                                                                .isEqualTo(row.getKey()))));
    }

    @Test
    void no_state_at_all_is_an_outage() {
        assertThat(SqlFailure.of(new SQLException("the pool's time was over")))
                .isEqualTo(SqlFailure.OUTAGE);
    }

    @Test
    void every_verdict_has_a_row() {
        assertThat(TABLE.keySet()).containsExactlyInAnyOrder(SqlFailure.values());
    }

    @Test
    void a_reader_meets_an_outage_or_a_bug() {
        assertThat(SqlFailure.translate("reading", new SQLException("away", "08006")))
                .isInstanceOf(Unavailable.class);
        assertThat(SqlFailure.translate("reading", new SQLException("deadlock", "40P01")))
                .isInstanceOf(Unavailable.class);
        assertThat(SqlFailure.translate("reading", new SQLException("no such table", "42P01")))
                .isInstanceOf(Unavailable.class);
        assertThat(SqlFailure.translate("reading", new SQLException("division by zero", "22012")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_first_failure_of_a_chain_is_found() {
        SQLException first = new SQLException("division by zero", "22012");
        SQLException second = new SQLException("current transaction is aborted", "25P02", first);

        assertThat(SqlFailure.firstOf(second)).isSameAs(first);
        assertThat(SqlFailure.firstOf(first)).isSameAs(first);
    }
}
