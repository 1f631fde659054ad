package dev.millrace.stack;

/**
 * The stack cannot do what was asked. The message says what is wrong and what to do about it, in
 * words for the person at the terminal.
 */
public class StackFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StackFailure(String message) {
        super(message);
    }

    StackFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
