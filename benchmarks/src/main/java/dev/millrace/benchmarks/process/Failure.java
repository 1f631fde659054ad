package dev.millrace.benchmarks.process;

/** What was asked for cannot be done. The message says why, and what to do about it. */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Failure(String message) {
        super(message);
    }

    public Failure(String message, Throwable cause) {
        super(message, cause);
    }

    /** What to tell the person. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
