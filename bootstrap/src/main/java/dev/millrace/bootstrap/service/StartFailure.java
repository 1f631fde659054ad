package dev.millrace.bootstrap.service;

/**
 * The service cannot work as it is configured: its message tells a person what is wrong and what to
 * do.
 */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message whole sentences for a person
     */
    public StartFailure(String message) {
        super(message);
    }

    /**
     * @param message whole sentences for a person
     */
    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
