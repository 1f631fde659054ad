package dev.millrace.adapters.postgres;

import dev.millrace.ports.contract.MessageHistoryContract;
import dev.millrace.ports.driven.MessageHistory;

import java.sql.SQLException;

final class PostgresMessageHistoryTest extends CounterTests implements MessageHistoryContract {

    PostgresMessageHistoryTest() throws SQLException {}

    @Override
    public MessageHistory history() {
        return new PostgresMessageHistory(database.database(), TENANT, NAMESPACE);
    }
}
