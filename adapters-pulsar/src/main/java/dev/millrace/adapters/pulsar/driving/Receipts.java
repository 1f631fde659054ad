package dev.millrace.adapters.pulsar.driving;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The receipts of acknowledgements that a lane has not seen yet: of two batches at most, so that it
 * need not wait for one before it goes on, and a slow broker still slows it down. Used by one
 * thread.
 */
final class Receipts {

    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
    private static final int MOST = 2;

    private final Duration patience;
    private final Queue<CompletableFuture<Void>> open = new ArrayDeque<>();

    Receipts(Duration patience) {
        this.patience = patience;
    }

    /** Waits until there is room for one more. */
    void awaitRoom() {
        while (open.size() >= MOST) {
            await(open.remove());
        }
    }

    void add(CompletableFuture<Void> receipt) {
        open.add(receipt);
    }

    /** Waits for all of them, for the patience at most, since they run side by side. */
    void awaitAll() {
        await(CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)));
        open.clear();
    }

    private void await(CompletableFuture<?> receipt) {
        try {
            receipt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException lost) {
            // The batch arrives again and is found to be done already.
            LOG.debug("The receipt of an acknowledgement is lost: {}", lost.toString());
        } catch (InterruptedException bug) {
            throw new IllegalStateException("lanes are not interrupted", bug);
        }
    }
}
