package dev.millrace.e2e;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes things out of the database behind the service's back: its last commits, as a failover to a
 * replica that lagged would, or single rows.
 */
final class Failover {

    private static final String POSITION =
            "position_ledger || ':' || position_entry || ':' || position_partition || ':' ||"
                    + " position_index";

    private final Site site;

    Failover(Site site) {
        this.site = site;
    }

    /**
     * Takes the last records of the accounts {@code acc-…} away, with all that was written in their
     * transactions: entries, balances, key rows.
     *
     * @return which, each as position and message ID
     */
    Set<String> lose(int commits) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    """
                    CREATE TEMPORARY TABLE lost ON COMMIT DROP AS
                    SELECT * FROM inbox_record WHERE key LIKE 'acc-%%'
                    ORDER BY recorded_at DESC, position_ledger DESC, position_entry DESC, position_index DESC LIMIT %d;
                    """
                            .formatted(commits));
            Set<String> lost =
                    texts(statement, "SELECT " + POSITION + " || ' ' || message_id FROM lost");
            statement.execute(
                    """
                    DELETE FROM inbox_record r USING lost l
                    WHERE l.subscription_id = r.subscription_id AND l.message_id = r.message_id;
                    DELETE FROM entry e USING lost l WHERE e.account_id = l.key AND e.message_id = l.message_id;
                    UPDATE account a SET balance_minor = e.balance_after_minor, entries = e.sequence, version = e.sequence
                    FROM (SELECT DISTINCT ON (account_id) * FROM entry ORDER BY account_id, sequence DESC) e
                    WHERE e.account_id = a.account_id AND a.account_id IN (SELECT key FROM lost);
                    DELETE FROM account a WHERE NOT EXISTS (SELECT FROM entry e WHERE e.account_id = a.account_id);
                    DELETE FROM key_lock k WHERE k.key IN (SELECT key FROM lost)
                        AND NOT EXISTS (SELECT FROM inbox_record r WHERE r.key = k.key);
                    """);
            connection.commit();
            return lost;
        }
    }

    /**
     * Takes one applied event out of the middle of an account: its record, its entry and its part
     * of the balance.
     *
     * @return its position and message ID
     */
    String loseOne(String account) throws SQLException {
        return takeMiddle(
                account,
                """
                UPDATE account a SET balance_minor = a.balance_minor
                    - CASE e.type WHEN 'credit' THEN e.amount_minor ELSE -e.amount_minor END
                FROM entry e JOIN chosen c ON e.account_id = c.key AND e.message_id = c.message_id
                WHERE a.account_id = e.account_id;
                DELETE FROM entry e USING chosen c WHERE e.account_id = c.key AND e.message_id = c.message_id;
                DELETE FROM inbox_record r USING chosen c WHERE r.message_id = c.message_id;
                """);
    }

    /**
     * Takes one entry out of the middle of an account, whose record still stands. {@link
     * #giveEntryBack} mends it.
     *
     * @return its position and message ID
     */
    String loseEntry(String account) throws SQLException {
        return takeMiddle(
                account,
                """
                CREATE TABLE taken_entry AS
                SELECT e.* FROM entry e JOIN chosen c ON e.account_id = c.key AND e.message_id = c.message_id;
                DELETE FROM entry e USING chosen c WHERE e.account_id = c.key AND e.message_id = c.message_id;
                """);
    }

    void giveEntryBack() throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO entry SELECT * FROM taken_entry");
        }
    }

    private String takeMiddle(String account, String how) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    """
                    CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
                    SELECT r.* FROM inbox_record r JOIN entry e ON e.account_id = r.key AND e.message_id = r.message_id
                    WHERE r.key = '%s' ORDER BY e.sequence OFFSET 2 LIMIT 1
                    """
                            .formatted(account));
            Set<String> chosen =
                    texts(statement, "SELECT " + POSITION + " || ' ' || message_id FROM chosen");
            statement.execute(how);
            connection.commit();
            return chosen.iterator().next();
        }
    }

    /** The books and the records of the accounts {@code acc-…}, line by line, without times. */
    Set<String> books() throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            Set<String> lines =
                    texts(
                            statement,
                            "SELECT account_id || ' ' || sequence || ' ' || message_id || ' ' ||"
                                    + " balance_after_minor FROM entry WHERE account_id LIKE"
                                    + " 'acc-%'");
            lines.addAll(
                    texts(
                            statement,
                            "SELECT account_id || ' ' || balance_minor || ' ' || entries || ' ' ||"
                                    + " version FROM account WHERE account_id LIKE 'acc-%'"));
            lines.addAll(
                    texts(
                            statement,
                            "SELECT message_id || ' ' || state || ' ' || copies || ' ' || "
                                    + POSITION
                                    + " FROM inbox_record WHERE key LIKE 'acc-%'"));
            return lines;
        }
    }

    private static Set<String> texts(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            Set<String> texts = new TreeSet<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }
}
