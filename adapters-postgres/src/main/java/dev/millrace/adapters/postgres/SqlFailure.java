package dev.millrace.adapters.postgres;

import dev.millrace.ports.Unavailable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;

/**
 * What a failed statement means for the batch it belonged to. The one place where SQLSTATEs are
 * judged.
 */
enum SqlFailure {
    /** Two transactions met: the same once more will do. */
    COLLISION,
    /** The database is away, slow or full: counted against no event. */
    OUTAGE,
    /**
     * The database and this binary do not fit together: an outage that a person must end, and no
     * event's fault.
     */
    MISFIT,
    /** It took the database too long: an outage, or what some event makes it do. */
    OVERRUN,
    /** What some event wrote. */
    EVENT,
    /** The database's own fault at first sight; what some event wrote when it happens again. */
    INTERNAL,
    /** A failed statement was followed by another one: our bug. */
    BUG;

    private static final Logger LOG = LoggerFactory.getLogger(SqlFailure.class);

    /** Judges by the SQLSTATE alone; what is not known to be the event's own is an outage. */
    static SqlFailure of(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || state.length() != 5) {
            return OUTAGE;
        }
        return switch (state) {
            case "40001", "40P01", "55P03" -> COLLISION;
            case "57014", "25P03", "25P04" -> OVERRUN;
            case "25P02" -> BUG;
            default -> ofClass(state.substring(0, 2));
        };
    }

    private static SqlFailure ofClass(String sqlStateClass) {
        return switch (sqlStateClass) {
            case "22", "23", "54", "P0" -> EVENT;
            case "XX" -> INTERNAL;
            case "42", "28", "3D", "3F", "0A" -> MISFIT;
            default -> OUTAGE;
        };
    }

    /** Translates what a reader or an operator met, which is never an event's fault. */
    static RuntimeException translate(String what, SQLException failure) {
        return switch (of(failure)) {
            case COLLISION, OUTAGE, OVERRUN -> unavailable(what, failure);
            case MISFIT -> {
                alarm(failure);
                yield unavailable(what, failure);
            }
            case EVENT, INTERNAL, BUG ->
                    new IllegalStateException(what + " failed", firstOf(failure));
        };
    }

    /** For a person who has to act: nothing else will end this outage. */
    static void alarm(SQLException failure) {
        LOG.error(
                "PostgreSQL does not fit this version ({}): {}. Check the migrations, the role and"
                        + " the URL; the batch is tried again until then",
                failure.getSQLState(),
                failure.getMessage());
    }

    static Unavailable unavailable(String what, SQLException failure) {
        return new Unavailable("PostgreSQL: " + what + " (" + failure.getSQLState() + ")", failure);
    }

    /** The failure that doomed the transaction: the driver hangs it below the later ones. */
    static Throwable firstOf(SQLException failure) {
        Throwable first = failure;
        while (first.getCause() instanceof SQLException earlier) {
            first = earlier;
        }
        return first;
    }
}
