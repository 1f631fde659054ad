package dev.millrace.adapters.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * Rows on their way into {@code unnest}: one array for each column, so that a statement has the
 * same text and takes one round trip however many rows there are.
 */
public record Rows<T>(List<T> rows) {

    public Rows {
        rows = List.copyOf(rows);
    }

    /** The rows in this order. */
    public static <T> Rows<T> of(Collection<T> rows) {
        return new Rows<>(List.copyOf(rows));
    }

    /** For {@code ?::text[]}. */
    public String[] texts(Function<T, String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    /** For {@code ?::bigint[]}. */
    public long[] longs(ToLongFunction<T> column) {
        return rows.stream().mapToLong(column).toArray();
    }

    /** For {@code ?::integer[]}. */
    public int[] ints(ToIntFunction<T> column) {
        return rows.stream().mapToInt(column).toArray();
    }

    /** For {@code ?::bytea[]}. */
    public byte[][] bytes(Function<T, byte[]> column) {
        return rows.stream().map(column).toArray(byte[][]::new);
    }

    /**
     * For {@code ?::text[]}, of which the statement casts each to {@code timestamptz}: exact, as no
     * number type is.
     */
    public String[] instants(Function<T, Instant> column) {
        return texts(row -> text(column.apply(row)));
    }

    /**
     * An instant for {@code ?::timestamptz}, in whole microseconds: finer ones would be rounded,
     * perhaps up.
     */
    public static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).toString();
    }

    /** Prepares a statement with its parameters, arrays among them. */
    public static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException failure) {
            statement.close();
            throw failure;
        }
    }

    /** Two columns of text arrays as names with their values. */
    static Map<String, String> map(ResultSet row, String names, String values) throws SQLException {
        String[] keys = (String[]) row.getArray(names).getArray();
        String[] texts = (String[]) row.getArray(values).getArray();
        Map<String, String> map = HashMap.newHashMap(keys.length);
        for (int i = 0; i < keys.length; i++) {
            map.put(keys[i], texts[i]);
        }
        return map;
    }
}
