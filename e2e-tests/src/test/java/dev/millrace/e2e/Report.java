package dev.millrace.e2e;

import java.time.Instant;
import java.time.ZoneOffset;

/** A credit or a debit, as a caller sends it. */
record Report(
        String messageId,
        String accountId,
        String type,
        long amountMinor,
        String currency,
        Instant occurredAt,
        String description) {

    String json() {
        return """
        {"messageId":"%s","accountId":"%s","type":"%s","amountMinor":%d,"currency":"%s",\
        "occurredAt":"%s","description":"%s"}\
        """
                .formatted(
                        messageId, accountId, type, amountMinor, currency, occurredAt, description);
    }

    /** A line of a bank's statement, without message ID and currency's column names of ours. */
    String csv() {
        return String.join(
                ",",
                messageId,
                accountId,
                occurredAt.atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                type,
                description,
                Long.toString(amountMinor));
    }
}
