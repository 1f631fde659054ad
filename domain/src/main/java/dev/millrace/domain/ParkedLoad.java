package dev.millrace.domain;

/**
 * How much of a subscription is parked.
 *
 * @param events how many
 * @param bytes of their payloads together
 * @param longest how many wait in the longest queue of a key
 * @param waitingKeys how many keys wait for a person
 */
public record ParkedLoad(long events, long bytes, long longest, long waitingKeys) {

    /** Nothing is parked. */
    public static final ParkedLoad NONE = new ParkedLoad(0, 0, 0, 0);

    public ParkedLoad {
        if (events < 0 || bytes < 0 || longest < 0 || waitingKeys < 0) {
            throw new InvalidValue("load", "must have no negative part");
        }
    }
}
