package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.ParkedFilter;
import dev.millrace.domain.operations.QuarantineFilter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What people look at costs by what they see, not by what lies there: each question to a database
 * with ten thousand keys and events, in turn with the same one to a database with ten of each.
 */
@Isolated("it measures")
final class PostgresScaleTest {

    private static final int FEW = 10;
    private static final int MANY = 10_000;
    private static final int ROUNDS = 41;
    private static final double MOST = 3;
    private static final Tenant TENANT = new Tenant("millrace");
    private static final Namespace NAMESPACE = new Namespace("events");

    private static final Map<String, Function<Tables, Object>> QUESTIONS = new LinkedHashMap<>();

    static {
        QUESTIONS.put("events", tables -> tables.list(QuarantineFilter.ANY));
        QUESTIONS.put("events of a cause", tables -> tables.list(ofCause()));
        QUESTIONS.put("causes", tables -> tables.quarantine.causes(QuarantineFilter.ANY));
        QUESTIONS.put("an event", tables -> tables.quarantine.show(FEW));
        QUESTIONS.put("keys", tables -> tables.parked.list(ParkedFilter.ANY, "", FEW));
        QUESTIONS.put(
                "a life",
                tables -> tables.archive.find(new StreamName("counter"), new MessageId("q-9")));
    }

    @Test
    void a_question_costs_about_the_same_however_much_lies_there() throws SQLException {
        try (TestDatabase small = TestDatabase.create();
                TestDatabase large = TestDatabase.create()) {
            Tables few = new Tables(small, FEW);
            Tables many = new Tables(large, MANY);
            QUESTIONS.forEach((name, question) -> {
                double ratio = ratio(question, few, many);
                System.out.printf("%s: %.2f times as long with %d of each%n", name, ratio, MANY);
                assertThat(ratio).as(name).isLessThan(MOST);
            });
            assertThat(many.quarantine.causes(QuarantineFilter.ANY))
                    .hasSize(3)
                    .allMatch(cause -> cause.more() && cause.events() == 200);
        }
    }

    private static QuarantineFilter ofCause() {
        return new QuarantineFilter(
                "",
                "",
                "",
                "",
                "java.lang.IllegalStateException at at line 1",
                "",
                QuarantineFilter.FIRST,
                QuarantineFilter.LAST);
    }

    /** So many events in quarantine for three causes, and so many keys with a parked event. */
    private static String fill(int size) {
        return """
        INSERT INTO subscription (tenant, namespace, stream, name) VALUES ('millrace', 'events', 'counter', 'counts');
        INSERT INTO event_attempt (subscription_id, message_id, number, exception, message, frames, trace_id)
        SELECT s.id, 'q-' || n, 1, 'java.lang.IllegalStateException', '', 'at line ' || n %% 3, ''
        FROM subscription s, generate_series(1, %1$d) AS n;
        INSERT INTO quarantine (subscription_id, reason, detail, message_id, key, digest, position_ledger, position_entry,
            position_partition, position_index, schema_version, payload, properties, published_at, parked_sequence)
        SELECT s.id, 'attempts-exhausted', 'after 1 attempt', 'q-' || n, 'k-' || n, sha256('x'), 1, n,
            0, 0, '', convert_to(repeat('x', 100), 'UTF8'), '{}', now(), n
        FROM subscription s, generate_series(1, %1$d) AS n;
        INSERT INTO key_lock (subscription_id, key, parked)
        SELECT s.id, 'w-' || n, 1 FROM subscription s, generate_series(1, %1$d) AS n;
        INSERT INTO parked_event (subscription_id, key, message_id, digest, position_ledger, position_entry,
            position_partition, position_index, schema_version, payload, properties, published_at, attempts, due_at)
        SELECT s.id, 'w-' || n, 'p-' || n, sha256('x'), 2, n,
            0, 0, '', convert_to(repeat('x', 100), 'UTF8'), '{}', now(), 1, now() + interval '1 hour'
        FROM subscription s, generate_series(1, %1$d) AS n;
        ANALYZE;
        """
                .formatted(size);
    }

    /** In turn, so that whatever else the machine does meets both. */
    private static double ratio(Function<Tables, Object> question, Tables few, Tables many) {
        long[] ofFew = new long[ROUNDS];
        long[] ofMany = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ofFew[round] = nanos(question, few);
            ofMany[round] = nanos(question, many);
        }
        return (double) median(ofMany) / median(ofFew);
    }

    private static long nanos(Function<Tables, Object> question, Tables tables) {
        long start = System.nanoTime();
        assertThat(question.apply(tables)).isNotNull();
        return System.nanoTime() - start;
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** What is asked. */
    private static final class Tables {
        final PostgresQuarantine quarantine;
        final PostgresParkedKeys parked;
        final PostgresMessageArchive archive;

        Tables(TestDatabase test, int size) throws SQLException {
            test.execute(fill(size));
            quarantine = new PostgresQuarantine(test.database(), TENANT, NAMESPACE);
            parked = new PostgresParkedKeys(test.database(), TENANT, NAMESPACE);
            archive = new PostgresMessageArchive(test.database(), TENANT, NAMESPACE, Map.of());
        }

        Object list(QuarantineFilter filter) {
            return quarantine.list(filter, 0, FEW);
        }
    }
}
