package dev.millrace.bootstrap.service;

import dev.millrace.adapters.postgres.PostgresDatabase;
import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.configuration.Preparation;

/** Brings the database's schema up, or refuses one that is too old. */
public final class Migrations {

    private final Preparation preparation;
    private final PostgresDatabase database;

    Migrations(Configuration configuration, PostgresDatabase database) {
        this(configuration.migrations(), database);
    }

    private Migrations(Preparation preparation, PostgresDatabase database) {
        this.preparation = preparation;
        this.database = database;
    }

    /**
     * Does it once, by itself.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     * @throws StartFailure when the schema is too old, or a migration is wrong
     */
    public static void run(Configuration configuration, Preparation preparation) {
        try (PostgresDatabase database = PostgresDatabase.open(configuration.postgres())) {
            new Migrations(preparation, database).bringUp();
        }
    }

    void bringUp() {
        try {
            switch (preparation) {
                case APPLY -> database.migrate();
                case VERIFY -> {}
            }
            database.requireSchema();
        } catch (IllegalStateException tooOld) {
            throw new StartFailure(String.valueOf(tooOld.getMessage()), tooOld);
        }
    }
}
