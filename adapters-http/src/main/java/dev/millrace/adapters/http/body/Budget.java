package dev.millrace.adapters.http.body;

import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes all requests under way may hold together. Thread-safe. */
public final class Budget {

    private final long maxBytes;
    private final Duration retryAfter;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param maxBytes that all may hold
     * @param retryAfter what a refused caller is told to wait
     */
    public Budget(long maxBytes, Duration retryAfter) {
        this.maxBytes = maxBytes;
        this.retryAfter = retryAfter;
    }

    /** The share of a request that begins. */
    public Share open() {
        return new Share();
    }

    /** What one request holds, until it is closed. For the thread of that request alone. */
    public final class Share implements AutoCloseable {
        private long bytes;

        private Share() {}

        /**
         * Takes some more.
         *
         * @throws Refusal 429 when there are not that many left
         */
        public void take(long more) {
            force(more);
            if (held.get() > maxBytes) {
                give(more);
                throw refusal();
            }
        }

        /** Takes some more even when there are not that many left: for what cannot be refused. */
        public void force(long more) {
            bytes += more;
            held.addAndGet(more);
        }

        /** Gives some back. */
        public void give(long some) {
            bytes -= some;
            held.addAndGet(-some);
        }

        @Override
        public void close() {
            give(bytes);
        }
    }

    private Refusal refusal() {
        return new Refusal(
                Problem.of(
                                429,
                                ProblemType.TOO_BUSY,
                                "The requests under way hold as many bytes as this gate takes.")
                        .withRetryAfter(retryAfter));
    }
}
