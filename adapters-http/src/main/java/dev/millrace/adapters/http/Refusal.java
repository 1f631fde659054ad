package dev.millrace.adapters.http;

import java.util.Collection;
import java.util.Objects;

/**
 * Ends a request with a problem; mapped in one place, and no fault of ours, so it carries no stack
 * trace.
 */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = Objects.requireNonNull(problem);
    }

    Refusal(int status, ProblemType type, String detail) {
        this(Problem.of(status, type, detail));
    }

    /** 404, with the streams that there are. */
    static Refusal unknownStream(Collection<String> streams) {
        return new Refusal(
                404,
                ProblemType.UNKNOWN_STREAM,
                "The streams are: " + String.join(", ", streams) + ".");
    }

    Problem problem() {
        return problem;
    }
}
