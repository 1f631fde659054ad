package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.ports.contract.OperationsContract;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.List;

final class PostgresOperationsTest extends PostgresOperationsTables implements OperationsContract {

    PostgresOperationsTest() throws SQLException {}

    @Test
    void what_is_in_the_audit_log_is_not_changed_but_by_a_purge() throws SQLException {
        database.execute(
                "INSERT INTO audit_log (actor, act, why, tenant, namespace) VALUES ('anna',"
                        + " 'retry', '', 'millrace', 'events')");
        for (String change :
                List.of(
                        "UPDATE audit_log SET actor = 'nobody'",
                        "DELETE FROM audit_log",
                        "TRUNCATE audit_log",
                        "SET millrace.purge = 'on'; UPDATE audit_log SET why = 'no reason'")) {
            assertThatThrownBy(() -> database.execute(change))
                    .as(change)
                    .hasMessageContaining("append-only");
        }
        assertThat(database.texts("SELECT actor FROM audit_log")).containsExactly("anna");

        database.execute("SET millrace.purge = 'on'; DELETE FROM audit_log");

        assertThat(database.texts("SELECT actor FROM audit_log")).isEmpty();
    }
}
