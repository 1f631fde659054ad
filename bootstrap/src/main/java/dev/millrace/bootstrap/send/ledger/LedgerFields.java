package dev.millrace.bootstrap.send.ledger;

import dev.millrace.bootstrap.send.EventFields;
import dev.millrace.bootstrap.send.FieldType;
import dev.millrace.ports.ledger.LedgerStream;

import java.util.Map;

/** The fields of an event on the stream {@code ledger-entries}. */
public final class LedgerFields {

    /** Its names and types; the key is the account. */
    public static final EventFields FIELDS =
            new EventFields(
                    LedgerStream.NAME.value(),
                    "accountId",
                    Map.of(
                            "messageId", FieldType.TEXT,
                            "accountId", FieldType.TEXT,
                            "type", FieldType.TEXT,
                            "amountMinor", FieldType.WHOLE_NUMBER,
                            "currency", FieldType.TEXT,
                            "occurredAt", FieldType.INSTANT,
                            "description", FieldType.TEXT));

    private LedgerFields() {}
}
