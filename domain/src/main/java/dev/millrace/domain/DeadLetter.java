package dev.millrace.domain;

import java.util.List;
import java.util.Objects;

/**
 * One entry into quarantine, as it is told to whoever reads the dead-letter topic.
 *
 * @param quarantineId of the entry: a reader that has seen it drops every further letter with it
 * @param messageId as found on the copy; empty when there was none
 * @param key as found on the copy; empty when there was none
 * @param reason why the copy is in quarantine
 * @param attempts all that had failed by then, in their order; none for an event never tried
 * @param copy as it came
 */
public record DeadLetter(
        long quarantineId,
        String messageId,
        String key,
        Reason reason,
        List<FailedAttempt> attempts,
        Copy copy) {

    public DeadLetter {
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(key);
        Objects.requireNonNull(reason);
        attempts = List.copyOf(attempts);
        Objects.requireNonNull(copy);
    }
}
