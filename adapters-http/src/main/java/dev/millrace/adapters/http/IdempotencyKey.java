package dev.millrace.adapters.http;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.MessageId;

import jakarta.servlet.http.HttpServletRequest;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The header by which a caller names the one event of a request. */
final class IdempotencyKey {

    static final String NAME = "Idempotency-Key";

    private IdempotencyKey() {}

    /**
     * @throws Refusal 400 when it is no message ID, or is given more than once
     */
    static Optional<MessageId> of(HttpServletRequest request) {
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
    static Refusal forOneOnly() {
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
