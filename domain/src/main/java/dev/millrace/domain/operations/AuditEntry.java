package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What somebody did. It is kept and never changed.
 *
 * @param id later acts have higher ones
 * @param act what was done, in one word
 * @param stream and subscription, key and message ID: what it was done to; empty where it was not
 *     to one of them
 * @param details what else there is to say, by name
 */
public record AuditEntry(
        long id,
        Instant at,
        Signature signature,
        String act,
        String stream,
        String subscription,
        String key,
        String messageId,
        Map<String, String> details) {

    public AuditEntry {
        Objects.requireNonNull(at);
        Objects.requireNonNull(signature);
        Objects.requireNonNull(act);
        Objects.requireNonNull(stream);
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(key);
        Objects.requireNonNull(messageId);
        details = Map.copyOf(details);
    }
}
