package dev.millrace.ports.driven;

import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.OutboxLoad;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The entries into one subscription's quarantine that are still to be published, each written with
 * its copy in one transaction, and standing for itself from then on, whatever becomes of the copy.
 * One owner at a time has the turn to publish them, for a term that it may extend; whoever takes
 * the turn over gets a greater fence, and what an earlier owner says under its own is not heard any
 * more. Thread-safe, and shared by all processes.
 */
public interface Outbox {

    /**
     * A turn to publish.
     *
     * @param fence of this turn
     * @param letters the next entries, in the order of their quarantine IDs, in which those of one
     *     key entered quarantine
     */
    record Turn(long fence, List<DeadLetter> letters) {
        public Turn {
            letters = List.copyOf(letters);
        }
    }

    /**
     * How much is still to be published.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    OutboxLoad load();

    /**
     * Takes or keeps the turn.
     *
     * @param owner told apart from every other, living or dead
     * @param term how long nobody else may have the turn
     * @param limit how many entries at most; fewer, but never none, where they are large
     * @return none while it is another's turn
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    Optional<Turn> take(String owner, Duration term, int limit);

    /**
     * Lets entries go that the topic has, and extends the turn.
     *
     * @param fence of the turn in which they were published
     * @param published quarantine IDs
     * @param term how long nobody else may have the turn, from now
     * @return whether it is still that turn; if not, nothing has changed
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    boolean confirm(long fence, Set<Long> published, Duration term);
}
