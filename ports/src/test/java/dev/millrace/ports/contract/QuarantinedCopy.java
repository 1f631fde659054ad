package dev.millrace.ports.contract;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Reason;

import java.util.Objects;

/**
 * A copy as it lies in quarantine.
 *
 * @param messageId empty when the copy has none
 * @param key empty when the copy has none
 */
public record QuarantinedCopy(String messageId, String key, Reason reason, Copy copy) {

    public QuarantinedCopy {
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(key);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(copy);
    }
}
