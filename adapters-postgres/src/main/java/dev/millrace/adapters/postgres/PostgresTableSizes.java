package dev.millrace.adapters.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How large the tables are, from the catalog and the files alone: it reads no row of them, so that
 * asking costs the same however large they are. Thread-safe.
 */
public final class PostgresTableSizes {

    private static final String SIZES =
            """
            SELECT relname, pg_total_relation_size(oid), reltuples FROM pg_class
            WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname
            """;

    private final PostgresDatabase database;

    public PostgresTableSizes(PostgresDatabase database) {
        this.database = Objects.requireNonNull(database);
    }

    /**
     * One table.
     *
     * @param bytes with its indexes
     * @param rows as the planner believes; negative before anything was ever counted
     */
    public record TableSize(String table, long bytes, double rows) {
        public TableSize {
            Objects.requireNonNull(table);
        }
    }

    /**
     * All tables of the schema.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    public List<TableSize> sizes() {
        return database.read(
                "the sizes of the tables",
                connection -> {
                    try (PreparedStatement query = connection.prepareStatement(SIZES);
                            ResultSet row = query.executeQuery()) {
                        List<TableSize> sizes = new ArrayList<>();
                        while (row.next()) {
                            sizes.add(
                                    new TableSize(
                                            row.getString(1), row.getLong(2), row.getDouble(3)));
                        }
                        return sizes;
                    }
                });
    }
}
