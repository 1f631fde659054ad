package dev.millrace.adapters.pulsar.ledger;

import dev.millrace.adapters.pulsar.AvroCodec;
import dev.millrace.adapters.pulsar.ledger.wire.LedgerEntry;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Amount;
import dev.millrace.domain.ledger.CurrencyCode;
import dev.millrace.domain.ledger.EntryType;
import dev.millrace.domain.ledger.LedgerEvent;

import org.apache.avro.generic.IndexedRecord;

/** The ledger's events as records of {@code ledger-entries.avsc}. */
public final class LedgerEventCodec {

    private LedgerEventCodec() {}

    /** The codec of the stream {@code ledger-entries}. */
    public static AvroCodec<LedgerEvent> create() {
        return new AvroCodec<>(
                LedgerEntry.getClassSchema(),
                LedgerEntry::new,
                LedgerEventCodec::record,
                LedgerEventCodec::event);
    }

    private static IndexedRecord record(LedgerEvent event) {
        return new LedgerEntry(
                event.account().value(),
                event.type().toString(),
                event.amount().minor(),
                event.currency().value(),
                event.occurredAt(),
                event.description().isEmpty() ? null : event.description());
    }

    private static LedgerEvent event(IndexedRecord record) {
        LedgerEntry entry = (LedgerEntry) record;
        return new LedgerEvent(
                new AccountId(entry.getAccountId().toString()),
                EntryType.of(entry.getType().toString()),
                new Amount(entry.getAmountMinor()),
                new CurrencyCode(entry.getCurrency().toString()),
                entry.getOccurredAt(),
                entry.getDescription() == null ? "" : entry.getDescription().toString());
    }
}
