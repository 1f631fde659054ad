package dev.millrace.e2e;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;

/** What the database says in the end: the account of what took effect. */
final class Database {

    private static final String RECORDS = "select count(*) from inbox_record";

    private final Site site;

    Database(Site site) {
        this.site = site;
    }

    /** A single number. */
    long count(String query) {
        try (Connection connection = site.connect()) {
            return count(connection, query);
        } catch (SQLException failure) {
            throw new IllegalStateException(query, failure);
        }
    }

    private static long count(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Waits until a query yields this number. */
    void awaitCount(String query, long wished) {
        await(query, found -> found == wished);
    }

    /** Waits until a query yields at least so many more than before. */
    void awaitCount(String query, long before, long more) {
        await(query, found -> found >= before + more);
    }

    private void await(String query, LongPredicate wished) {
        try (Watch watch = new Watch(query)) {
            Awaitility.await(query)
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptions()
                    .until(watch::count, wished::test);
        } catch (SQLException failure) {
            throw new IllegalStateException(query, failure);
        }
    }

    /** Asks the same on one connection again and again, and on another when that one is lost. */
    private final class Watch implements AutoCloseable {

        private final String query;
        private final AtomicReference<@Nullable Connection> open = new AtomicReference<>();

        Watch(String query) {
            this.query = query;
        }

        long count() throws SQLException {
            Connection connection = open.get();
            if (connection == null || !connection.isValid(1)) {
                close();
                connection = site.connect();
                open.set(connection);
            }
            return Database.count(connection, query);
        }

        @Override
        public void close() throws SQLException {
            Connection last = open.getAndSet(null);
            if (last != null) {
                last.close();
            }
        }
    }

    /** Waits until each of these message IDs has its outcome. */
    void awaitOutcomes(Collection<String> messageIds) {
        awaitCount(
                "select count(*) from inbox_record where message_id in ('"
                        + String.join("','", messageIds)
                        + "')",
                messageIds.size());
    }

    /** How many of these message IDs have their outcome. */
    long records(List<String> messageIds) {
        return count(recorded(messageIds));
    }

    /** Waits until each of these message IDs has its outcome. */
    void awaitRecords(List<String> messageIds) {
        awaitCount(recorded(messageIds), messageIds.size());
    }

    private static String recorded(List<String> messageIds) {
        return "select count(*) from inbox_record where message_id in ('"
                + String.join("','", messageIds)
                + "')";
    }

    /** Waits until so many message IDs have their outcome. */
    void awaitRecords(long wished) {
        awaitCount(RECORDS, wished);
    }

    /** The same of so many that this takes its time, and counting them, too. */
    void awaitRecords(long wished, Duration atMost) {
        Awaitility.await(RECORDS)
                .atMost(atMost)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> count(RECORDS) == wished);
    }

    /** Waits until at least so many message IDs have their outcome. */
    void awaitAtLeast(long wished) {
        await(RECORDS, found -> found >= wished);
    }

    /** Every account's lines in the order of their sequence. */
    Map<String, List<History.Line>> books() {
        Map<String, List<History.Line>> books = new TreeMap<>();
        String query =
                "select account_id, sequence, message_id, balance_after_minor from entry"
                        + " order by account_id, sequence";
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                books.computeIfAbsent(rows.getString(1), account -> new ArrayList<>())
                        .add(new History.Line(rows.getLong(2), rows.getString(3), rows.getLong(4)));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(query, failure);
        }
        return books;
    }

    /** The same of those accounts whose name begins so. */
    Map<String, List<History.Line>> books(String prefix) {
        Map<String, List<History.Line>> books = books();
        books.keySet().removeIf(account -> !account.startsWith(prefix));
        return books;
    }
}
