package dev.millrace.adapters.http.management;

import dev.millrace.adapters.http.answers.Answers;
import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.operations.FeedHandler;
import dev.millrace.adapters.http.operations.OperationRoute;
import dev.millrace.adapters.http.reads.ReadRequest;

import io.javalin.http.Context;

import jakarta.servlet.http.HttpServletResponse;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events, each listener on the virtual thread of its own request. There are never more
 * than {@value #MOST} listeners, and none once this is closed. Thread-safe.
 */
final class Feeds implements AutoCloseable {

    /** A few screens and programs; beyond them connections are kept for health and metrics. */
    static final int MOST = 16;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final Semaphore room = new Semaphore(MOST);
    private final CountDownLatch end = new CountDownLatch(1);

    /** Serves one listener until it leaves or this is closed. */
    void serve(Context context, OperationRoute.Feed feed) throws IOException {
        if (!room.tryAcquire()) {
            throw new Refusal(
                    Problem.of(
                                    429,
                                    ProblemType.TOO_MANY_LISTENERS,
                                    "There are " + MOST + " listeners, and no more may be.")
                            .withRetryAfter(RETRY_AFTER));
        }
        try {
            feed.handler().follow(new ReadRequest(context), new Listening(context.res()));
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        } finally {
            room.release();
        }
    }

    /** Ends all feeds: a stop waits for nobody who only listens. */
    @Override
    public void close() {
        end.countDown();
    }

    /** One listener. */
    private final class Listening implements FeedHandler.Listener {
        private final HttpServletResponse response;
        private boolean begun;

        Listening(HttpServletResponse response) {
            this.response = response;
        }

        @Override
        public void send(String name, JsonBody data) {
            try {
                begin();
                OutputStream out = response.getOutputStream();
                out.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8));
                // JSON as it is written here has no line feed, which would end the event.
                out.write(Answers.bytes(data));
                out.write(new byte[] {'\n', '\n'});
                response.flushBuffer();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        private void begin() {
            if (!begun) {
                response.setContentType("text/event-stream");
                response.setHeader("Cache-Control", "no-store");
                begun = true;
            }
        }

        @Override
        public boolean waits(Duration time) {
            try {
                return !end.await(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
