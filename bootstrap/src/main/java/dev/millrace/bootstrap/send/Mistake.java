package dev.millrace.bootstrap.send;

/**
 * The file, the options or the place they name are wrong. The message says what is, and what to do
 * about it.
 */
final class Mistake extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Mistake(String message) {
        super(message);
    }

    Mistake(String message, Throwable cause) {
        super(message, cause);
    }
}
