package dev.millrace.domain.operations;

import java.util.List;

/** What came of the wish to have the head of a key's parked events tried at once. */
public sealed interface Hastening {

    /**
     * It is tried now instead of later, and the others after it.
     *
     * @param events how many wait
     */
    record Due(long events) implements Hastening {}

    /** The key waits for a person to deal with these quarantined events; nothing is changed. */
    record AwaitsPerson(List<Long> awaited) implements Hastening {
        public AwaitsPerson {
            awaited = List.copyOf(awaited);
        }
    }

    /** Nothing of it waits. */
    record NothingParked() implements Hastening {}
}
