package dev.millrace.adapters.http;

import jakarta.servlet.http.HttpServletRequest;

import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads whole bodies, counting bytes itself: each within its size and its deadline, all of them
 * together within a budget. Thread-safe.
 */
final class RequestBodies {

    private static final Logger LOG = LoggerFactory.getLogger(RequestBodies.class);
    private static final int FIRST_BUFFER = 4 << 10;
    private static final Duration DISCARD_DEADLINE = Duration.ofSeconds(2);
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final GateLimits limits;
    private final AtomicLong buffered = new AtomicLong();

    RequestBodies(GateLimits limits) {
        this.limits = limits;
    }

    /** A body in memory, counted against the budget until it is closed. */
    final class Body implements AutoCloseable {
        private byte[] bytes;
        private int length;

        private Body(int capacity) {
            reserve(capacity);
            bytes = new byte[capacity];
        }

        private void grow(int capacity) {
            reserve(capacity - bytes.length);
            bytes = Arrays.copyOf(bytes, capacity);
        }

        /**
         * The body as text.
         *
         * @throws Refusal 400 when it is not UTF-8, or begins with a byte order mark
         */
        CharBuffer text() {
            if (length >= 3 && Arrays.equals(bytes, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
                throw invalid("The body begins with a byte order mark; send UTF-8 without one.");
            }
            ByteBuffer input = ByteBuffer.wrap(bytes, 0, length);
            CharBuffer text = CharBuffer.allocate(length);
            CoderResult result =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(input, text, true);
            if (result.isError()) {
                throw invalid("The body is not UTF-8, from byte " + input.position() + " on.");
            }
            return text.flip();
        }

        @Override
        public void close() {
            buffered.addAndGet(-bytes.length);
        }
    }

    /**
     * Reads the body of a request.
     *
     * @throws Refusal 408, 413 or 429
     * @throws IOException when the caller is gone
     */
    Body read(HttpServletRequest request) throws IOException {
        long announced = request.getContentLengthLong();
        if (announced > limits.maxBodyBytes()) {
            throw tooLarge();
        }
        Body body =
                new Body(
                        (int)
                                (announced < 0
                                        ? FIRST_BUFFER
                                        : Math.min(Math.max(announced, 1), 16 * FIRST_BUFFER)));
        try {
            fill(body, request, announced);
            return body;
        } catch (IOException | RuntimeException failure) {
            body.close();
            throw failure;
        }
    }

    private void fill(Body body, HttpServletRequest request, long announced) throws IOException {
        try (TimedInput input = new TimedInput(request, limits.bodyDeadline())) {
            while (body.length != announced) {
                if (body.length == body.bytes.length) {
                    body.grow(nextCapacity(body.length));
                }
                int count = input.read(body.bytes, body.length, body.bytes.length - body.length);
                if (count < 0) {
                    return;
                }
                body.length += count;
                if (body.length > limits.maxBodyBytes()) {
                    throw tooLarge();
                }
            }
        } catch (TimeoutException late) {
            throw tooSlow();
        } catch (IOException | HttpException.RuntimeException failure) {
            refuseIfKnown(failure);
            throw failure;
        }
    }

    /**
     * Reads on for a while after a refusal was sent, to throw it away: a caller that is still
     * writing when the connection closes may never see its answer.
     */
    void discard(HttpServletRequest request) {
        if (request.getHeader("Expect") != null) {
            return;
        }
        byte[] scrap = new byte[FIRST_BUFFER];
        try (TimedInput input = new TimedInput(request, DISCARD_DEADLINE)) {
            for (long left = limits.maxBodyBytes(); left > 0; ) {
                int count = input.read(scrap, 0, scrap.length);
                if (count < 0) {
                    return;
                }
                left -= count;
            }
        } catch (IOException | TimeoutException | HttpException.RuntimeException gone) {
            LOG.debug("The rest of a refused body is not read", gone);
        }
    }

    /** Doubles, and ends one byte past the limit, so that going beyond it shows. */
    private int nextCapacity(int length) {
        return (int) Math.min(2L * length, limits.maxBodyBytes() + 1L);
    }

    private void reserve(int bytes) {
        if (buffered.addAndGet(bytes) > limits.maxBufferedBytes()) {
            buffered.addAndGet(-bytes);
            throw new Refusal(
                    Problem.of(
                                    429,
                                    ProblemType.TOO_BUSY,
                                    "The requests under way hold as many bytes as this gate takes;"
                                            + " nothing is stored.")
                            .withRetryAfter(limits.retryAfter()));
        }
    }

    private void refuseIfKnown(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                throw tooSlow();
            }
            if (cause instanceof HttpException broken) {
                throw new Refusal(
                        Problem.of(
                                broken.getCode(),
                                ProblemType.MALFORMED_REQUEST,
                                "The body is not framed as HTTP demands."));
            }
        }
    }

    private Refusal tooLarge() {
        return new Refusal(
                413,
                ProblemType.BODY_TOO_LARGE,
                "A body may have at most " + limits.maxBodyBytes() + " bytes.");
    }

    private Refusal tooSlow() {
        return new Refusal(
                408,
                ProblemType.BODY_TOO_SLOW,
                "The whole body must arrive within "
                        + TimeUnit.MILLISECONDS.toSeconds(limits.bodyDeadline().toMillis() + 999)
                        + " seconds.");
    }

    private static Refusal invalid(String detail) {
        return new Refusal(400, ProblemType.INVALID_BODY, detail);
    }
}
