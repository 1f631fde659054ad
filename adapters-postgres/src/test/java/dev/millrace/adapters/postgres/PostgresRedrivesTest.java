package dev.millrace.adapters.postgres;

import dev.millrace.ports.contract.RedrivesContract;
import dev.millrace.ports.operations.driven.Redrives;

import java.sql.SQLException;

final class PostgresRedrivesTest extends PostgresOperationsTables implements RedrivesContract {

    PostgresRedrivesTest() throws SQLException {}

    @Override
    public Redrives redrives() {
        return new PostgresRedrives(database.database(), TENANT, NAMESPACE);
    }
}
