package dev.millrace.adapters.http.body;

import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

import jakarta.servlet.http.HttpServletRequest;

import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens bodies, counting bytes itself: each within its size and its time. Thread-safe. */
public final class RequestBodies {

    private static final Logger LOG = LoggerFactory.getLogger(RequestBodies.class);
    private static final int SCRAP = 4 << 10;
    private static final Duration DISCARD_DEADLINE = Duration.ofSeconds(2);

    private final int maxBytes;
    private final Duration deadline;

    /**
     * @param maxBytes that a body may have
     * @param deadline how long it may keep the server waiting in all
     */
    public RequestBodies(int maxBytes, Duration deadline) {
        this.maxBytes = maxBytes;
        this.deadline = deadline;
    }

    /**
     * The body of a request, within its size and its time; the size is that of what was sent, and
     * of what is in it as well.
     *
     * @param share what decoding holds is counted here
     * @throws Refusal 413 when it is announced to be too large by a caller that asks before it
     *     sends
     */
    public InputStream open(
            HttpServletRequest request, ContentEncoding encoding, Budget.Share share)
            throws IOException {
        if (request.getContentLengthLong() > maxBytes && expects(request)) {
            throw tooLarge();
        }
        InputStream sent = new Bounded(new Received(new TimedInput(request, deadline)));
        return switch (encoding) {
            case IDENTITY -> sent;
            case GZIP -> {
                share.take(Gunzip.MEMORY);
                yield new Bounded(new Gunzip(sent));
            }
        };
    }

    /** What comes over the wire, with what goes wrong there said as a refusal. */
    private final class Received extends Bytes {
        private final TimedInput input;

        Received(TimedInput input) {
            this.input = input;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return input.read(bytes, offset, length);
            } catch (TimeoutException late) {
                throw tooSlow();
            } catch (IOException | HttpException.RuntimeException failure) {
                refuseIfKnown(failure);
                throw failure;
            }
        }

        @Override
        public void close() {
            input.close();
        }
    }

    /** As many bytes as a body may have; whoever reads on is refused. */
    private final class Bounded extends Bytes {
        private final InputStream input;
        private int left = maxBytes;

        Bounded(InputStream input) {
            this.input = input;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = input.read(bytes, offset, Math.min(length, Math.max(left, 1)));
            if (count > left) {
                throw tooLarge();
            }
            left -= Math.max(count, 0);
            return count;
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }

    /**
     * Reads on for a while after a refusal was sent, to throw it away: a caller that is still
     * writing when the connection closes may never see its answer.
     */
    public void discard(HttpServletRequest request) {
        if (expects(request)) {
            return;
        }
        byte[] scrap = new byte[SCRAP];
        try (TimedInput input = new TimedInput(request, DISCARD_DEADLINE)) {
            for (long left = maxBytes; left > 0; ) {
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

    /** Whether the caller waits to be asked for its body. */
    private static boolean expects(HttpServletRequest request) {
        return request.getHeader("Expect") != null;
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
                                "The body is cut off, or not framed as HTTP demands; of a long"
                                        + " one, the first events may be stored."));
            }
        }
    }

    private Refusal tooLarge() {
        return new Refusal(
                413, ProblemType.BODY_TOO_LARGE, "A body may have at most " + maxBytes + " bytes.");
    }

    private Refusal tooSlow() {
        return new Refusal(
                408,
                ProblemType.BODY_TOO_SLOW,
                "A body may keep this gate waiting for "
                        + TimeUnit.MILLISECONDS.toSeconds(deadline.toMillis() + 999)
                        + " seconds in all.");
    }
}
