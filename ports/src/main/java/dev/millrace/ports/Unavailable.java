package dev.millrace.ports;

/**
 * The broker or the database is away, slow or refuses to work for now: an outage, counted against
 * no event. Adapters translate the exceptions of their libraries into it and keep the cause.
 */
public final class Unavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Reports an outage.
     *
     * @param what is unavailable and why, for a person
     */
    public Unavailable(String what, Throwable cause) {
        super(what, cause);
    }

    /**
     * Reports an outage.
     *
     * @param what is unavailable and why, for a person
     */
    public Unavailable(String what) {
        super(what);
    }
}
