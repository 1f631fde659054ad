package dev.millrace.adapters.http.answers;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Ends a request with a problem; mapped in one place, and no fault of ours, so it carries no stack
 * trace.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** Ends it with this problem. */
    public Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = Objects.requireNonNull(problem);
    }

    /** Ends it with a problem without broken rules. */
    public Refusal(int status, ProblemType type, String detail) {
        this(Problem.of(status, type, detail));
    }

    /** 404, with the streams that there are. */
    public static Refusal unknownStream(Collection<String> streams) {
        return new Refusal(
                404,
                ProblemType.UNKNOWN_STREAM,
                "The streams are: " + String.join(", ", streams) + ".");
    }

    /** 400, with all the rules that parameters and fields break. */
    public static Refusal invalidRequest(List<FieldError> errors) {
        return new Refusal(
                Problem.ofErrors(
                        ProblemType.INVALID_REQUEST,
                        errors.size() == 1
                                ? "One rule is broken."
                                : errors.size() + " rules are broken.",
                        errors));
    }

    /** What to answer. */
    public Problem problem() {
        return problem;
    }
}
