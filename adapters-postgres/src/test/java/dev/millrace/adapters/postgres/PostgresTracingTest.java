package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.Trace;
import dev.millrace.ports.contract.TracingContract;
import dev.millrace.ports.counter.Deliveries;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Tracing;

import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

final class PostgresTracingTest extends CounterTests implements TracingContract {

    PostgresTracingTest() throws SQLException {}

    @Test
    void the_index_for_the_purge_serves_the_pages_too() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off; SET enable_bitmapscan = off");
            try (ResultSet plan =
                    statement.executeQuery(
                            "EXPLAIN SELECT message_id FROM inbox_record WHERE subscription_id = 1"
                                    + " AND published_at >= now() AND (published_at, message_id) >"
                                    + " (now(), 'm') ORDER BY published_at, message_id LIMIT 10")) {
                StringBuilder text = new StringBuilder();
                while (plan.next()) {
                    text.append(plan.getString(1)).append('\n');
                }
                assertThat(text).contains("inbox_record_by_age", "Incremental Sort");
            }
        }
    }

    @Test
    void a_copy_that_was_given_up_is_found_by_its_position() throws SQLException {
        TopicCopy copy = new TopicCopy(Deliveries.at(1), "", Deliveries.PUBLISHED_AT);
        assertThat(tracing().trace(FIRST, List.of(copy)).getFirst().traces()).isEmpty();
        database.execute(
                "INSERT INTO discarded_copy SELECT id, 7, 1, 1, 1, '', 'undecodable', now(), 1 FROM"
                        + " subscription WHERE name = 'first'");

        assertThat(tracing().trace(FIRST, List.of(copy)).getFirst().traces())
                .containsExactly(Trace.GIVEN_UP);
    }

    @Override
    public Tracing tracing() {
        return new PostgresTracing(
                database.database(), Map.of(FIRST, new CounterStateStore(FIRST.toString())));
    }

    @Override
    public void loseEffect(SubscriptionId subscription, MessageId messageId) {
        try {
            database.execute(
                    "DELETE FROM counted WHERE owner = '%s' AND message_id = '%s'"
                            .formatted(subscription, messageId.value()));
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public RecordStore records() {
        return new PostgresRecordStore(database.database());
    }
}
