package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.postgres.PostgresTableSizes.TableSize;

import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

final class PostgresTableSizesTest {

    @Test
    void every_table_is_told_with_its_indexes_and_its_rows_once_they_were_counted()
            throws SQLException {
        try (TestDatabase test = TestDatabase.create();
                Connection connection = test.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO key_lock (subscription_id, key) SELECT 1, 'key-' || n FROM"
                            + " generate_series(1, 5000) AS n");
            statement.execute("ANALYZE key_lock");

            List<TableSize> sizes = new PostgresTableSizes(test.database()).sizes();

            assertThat(sizes)
                    .extracting(TableSize::table)
                    .contains("inbox_record", "quarantine", "parked_event", "outbox", "entry")
                    .isSorted();
            TableSize keys = size(sizes, "key_lock");
            assertThat(keys.rows()).isEqualTo(5_000);
            assertThat(keys.bytes()).isGreaterThan(200_000);
            assertThat(size(sizes, "outbox").rows()).as("never counted").isNegative();
        }
    }

    private static TableSize size(List<TableSize> sizes, String table) {
        return sizes.stream().filter(size -> size.table().equals(table)).findFirst().orElseThrow();
    }
}
