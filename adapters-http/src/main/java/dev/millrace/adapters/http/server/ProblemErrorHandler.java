package dev.millrace.adapters.http.server;

import dev.millrace.adapters.http.answers.Answers;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Answers what Jetty refuses by itself, before any handler of ours, in the same form as all other
 * errors.
 */
final class ProblemErrorHandler extends ErrorHandler {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            String message,
            @Nullable Throwable cause,
            Callback callback) {
        Problem problem = problem(code);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Answers.PROBLEM);
        if (problem.retryAfter().isPositive()) {
            response.getHeaders()
                    .put(HttpHeader.RETRY_AFTER, Answers.wholeSeconds(problem.retryAfter()));
        }
        if (code == HttpStatus.UPGRADE_REQUIRED_426) {
            response.getHeaders().put(HttpHeader.UPGRADE, HttpVersion.HTTP_1_1.asString());
        }
        byte[] body = Answers.bytes(problem::write);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /**
     * Only what is known of the status: the library's message may quote its classes or the request.
     */
    private static Problem problem(int code) {
        return switch (code) {
            case 400 ->
                    Problem.of(
                            code,
                            ProblemType.MALFORMED_REQUEST,
                            "What was sent is not HTTP as RFC 9110 has it.");
            case 404 ->
                    Problem.of(code, ProblemType.UNKNOWN_ROUTE, "There is nothing at this path.");
            case 408 ->
                    Problem.of(
                            code, ProblemType.BODY_TOO_SLOW, "The request did not arrive in time.");
            case 413 ->
                    Problem.of(
                            code,
                            ProblemType.BODY_TOO_LARGE,
                            "The body is larger than this server reads.");
            case 414 ->
                    Problem.of(
                            code,
                            ProblemType.URI_TOO_LONG,
                            "Path and query are longer than this server reads.");
            case 417 ->
                    Problem.of(
                            code,
                            ProblemType.EXPECTATION_FAILED,
                            "The header Expect may say 100-continue only.");
            case 426, 505 ->
                    Problem.of(
                            code,
                            ProblemType.HTTP_VERSION,
                            "HTTP/2 is off: use HTTP/1.1, by itself or behind a proxy that speaks"
                                    + " more.");
            case 431 ->
                    Problem.of(
                            code,
                            ProblemType.HEADERS_TOO_LARGE,
                            "The headers are larger, or more, than this server reads.");
            case 503 ->
                    Problem.of(
                                    code,
                                    ProblemType.STOPPING,
                                    "This process takes no more requests; nothing is stored.")
                            .withRetryAfter(RETRY_AFTER);
            default ->
                    code >= 500
                            ? Problem.of(
                                    code,
                                    ProblemType.INTERNAL_ERROR,
                                    "The request met a fault of this server.")
                            : Problem.of(code, ProblemType.OTHER, "The request cannot be served.");
        };
    }
}
