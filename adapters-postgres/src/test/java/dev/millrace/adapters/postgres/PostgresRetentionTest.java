package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ports.contract.RetentionContract;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Redrives;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;

final class PostgresRetentionTest extends PostgresOperationsTables implements RetentionContract {

    PostgresRetentionTest() throws SQLException {}

    @Test
    void what_another_tenant_or_namespace_keeps_is_left_to_it() throws SQLException {
        database.execute(
                "INSERT INTO audit_log (actor, act, why, tenant, namespace) VALUES ('anna',"
                        + " 'retry', '', 'someone', 'events'), ('bert', 'retry', '', 'millrace',"
                        + " 'elsewhere')");

        assertThat(acts().purge(LATER, 10)).isZero();

        assertThat(database.texts("SELECT actor FROM audit_log")).hasSize(2);
    }

    @Override
    public FinishedRecords acts() {
        return new PostgresAuditLog(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public FinishedRecords jobs() {
        return new PostgresRedrives(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public Redrives redrives() {
        return new PostgresRedrives(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public RecordStore records() {
        return new PostgresRecordStore(database.database());
    }
}
