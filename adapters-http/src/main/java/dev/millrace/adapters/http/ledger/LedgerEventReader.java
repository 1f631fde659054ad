package dev.millrace.adapters.http.ledger;

import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.EventReader;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.json.Reading;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Amount;
import dev.millrace.domain.ledger.CurrencyCode;
import dev.millrace.domain.ledger.EntryType;
import dev.millrace.domain.ledger.LedgerEvent;

import java.time.Instant;
import java.util.Optional;

/**
 * Reads {@code {"accountId","type","amountMinor","currency","occurredAt","description"?}}. FORK:
 * the JSON of your own events, and which of their fields a CloudEvent's attributes fill.
 */
public final class LedgerEventReader implements EventReader<LedgerEvent> {

    private static final String ACCOUNT = "accountId";
    private static final String TIME = "occurredAt";

    @Override
    public Optional<String> subjectField() {
        return Optional.of(ACCOUNT);
    }

    @Override
    public Optional<String> timeField() {
        return Optional.of(TIME);
    }

    @Override
    public Reading<LedgerEvent> read(EventFields fields) {
        Field<AccountId> account = fields.text(ACCOUNT, AccountId::new);
        Field<EntryType> type = fields.text("type", EntryType::of);
        Field<Amount> amount = fields.wholeNumber("amountMinor", Amount::new);
        Field<CurrencyCode> currency = fields.text("currency", CurrencyCode::new);
        Field<Instant> occurredAt = fields.instant(TIME, LedgerEvent::requireTime);
        Field<String> description =
                fields.optionalText("description", "", LedgerEvent::requireText);
        return fields.event(
                account.map(AccountId::key),
                () ->
                        new LedgerEvent(
                                account.value(),
                                type.value(),
                                amount.value(),
                                currency.value(),
                                occurredAt.value(),
                                description.value()));
    }
}
