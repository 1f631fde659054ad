package dev.millrace.bootstrap.operations;

/** Why a command did not come to its end, in words for the person who gave it. */
public final class OperationFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private OperationFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The service said no. */
    static OperationFailure refused(String message) {
        return new OperationFailure(ExitCodes.NOT_DONE, message);
    }

    /** The command cannot be meant so. */
    static OperationFailure mistake(String message) {
        return new OperationFailure(ExitCodes.USAGE, message);
    }

    /** The service, or what it needs, is away. */
    static OperationFailure unreachable(String message) {
        return new OperationFailure(ExitCodes.NOT_REACHABLE, message);
    }

    /** With which the process ends. */
    public int exitCode() {
        return exitCode;
    }
}
