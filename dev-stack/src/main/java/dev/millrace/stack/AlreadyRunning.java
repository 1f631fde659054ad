package dev.millrace.stack;

/** A live process is starting, running or stopping a stack in this directory already. */
final class AlreadyRunning extends StackFailure {
    private static final long serialVersionUID = 1L;

    AlreadyRunning(String message) {
        super(message);
    }
}
