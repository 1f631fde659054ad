package dev.millrace.adapters.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes all requests under way may hold together. Thread-safe. */
final class Budget {

    private final long maxBytes;
    private final Duration retryAfter;
    private final AtomicLong held = new AtomicLong();

    Budget(long maxBytes, Duration retryAfter) {
        this.maxBytes = maxBytes;
        this.retryAfter = retryAfter;
    }

    /** The share of a request that begins. */
    Share open() {
        return new Share();
    }

    /** What one request holds, until it is closed. For the thread of that request alone. */
    final class Share implements AutoCloseable {
        private long bytes;

        private Share() {}

        /**
         * Takes some more.
         *
         * @throws Refusal 429 when there are not that many left
         */
        void take(long more) {
            force(more);
            if (held.get() > maxBytes) {
                give(more);
                throw refusal();
            }
        }

        /** Takes some more even when there are not that many left: for what cannot be refused. */
        void force(long more) {
            bytes += more;
            held.addAndGet(more);
        }

        /** Gives some back. */
        void give(long some) {
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
