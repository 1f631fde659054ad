package dev.millrace.adapters.http.events;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.MessageId;

import jakarta.servlet.http.HttpServletRequest;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The header by which a caller names the one event of a request. */
public final class IdempotencyKey {

    /** The header. */
    public static final String NAME = "Idempotency-Key";

    private IdempotencyKey() {}

    /**
     * The message ID that a request names, if any.
     *
     * @throws Refusal 400 when it is no message ID, or is given more than once
     */
    public static Optional<MessageId> of(HttpServletRequest request) {
        List<String> given = Collections.list(request.getHeaders(NAME));
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() > 1) {
            throw invalid("must be given once only");
        }
        try {
            return Optional.of(new MessageId(given.getFirst()));
        } catch (InvalidValue broken) {
            throw invalid(broken.rule());
        }
    }

    /** Why several events are refused with it. */
    public static Refusal forOneOnly() {
        return invalid("is for one event only: write messageId into each of several");
    }

    private static Refusal invalid(String rule) {
        return new Refusal(
                Problem.ofErrors(
                        ProblemType.INVALID_REQUEST,
                        "The header " + NAME + " " + rule + ".",
                        List.of(new FieldError(NAME, rule))));
    }
}
