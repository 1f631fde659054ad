package dev.millrace.domain.flow;

/**
 * What of a topic one subscription has not acknowledged; not a number where nobody knows.
 *
 * @param entries as the broker counts them; each holds one event or more
 * @param events an estimate, from how many events an entry has held so far
 * @param ageSeconds since the oldest of it was published; zero when there is none
 */
public record Backlog(double entries, double events, double ageSeconds) {

    /** The broker does not tell. */
    public static final Backlog UNKNOWN = new Backlog(Double.NaN, Double.NaN, Double.NaN);
}
