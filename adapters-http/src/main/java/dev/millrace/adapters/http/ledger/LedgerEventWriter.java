package dev.millrace.adapters.http.ledger;

import dev.millrace.adapters.http.json.EventWriter;
import dev.millrace.domain.ledger.LedgerEvent;

import tools.jackson.core.JsonGenerator;

/** Writes what {@link LedgerEventReader} reads. FORK: the JSON of your own events. */
public final class LedgerEventWriter implements EventWriter<LedgerEvent> {

    @Override
    public void write(JsonGenerator json, LedgerEvent event) {
        json.writeStringProperty("accountId", event.account().value());
        json.writeStringProperty("type", event.type().toString());
        json.writeNumberProperty("amountMinor", event.amount().minor());
        json.writeStringProperty("currency", event.currency().value());
        json.writeStringProperty("occurredAt", event.occurredAt().toString());
        if (!event.description().isEmpty()) {
            json.writeStringProperty("description", event.description());
        }
    }
}
