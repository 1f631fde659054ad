package dev.millrace.adapters.http.ledger;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.ledger.BookedEntry;
import dev.millrace.ports.ledger.driving.ReadAccount;
import dev.millrace.ports.ledger.driving.ReadEntries;

import tools.jackson.core.JsonGenerator;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The reads of the books: an account, and its applied entries. FORK: the reads of your own states.
 */
public final class LedgerRoutes {

    private static final long DEFAULT_LIMIT = 100;
    private static final long MAX_LIMIT = 1_000;

    private final ReadAccount readAccount;
    private final ReadEntries readEntries;

    public LedgerRoutes(ReadAccount readAccount, ReadEntries readEntries) {
        this.readAccount = Objects.requireNonNull(readAccount);
        this.readEntries = Objects.requireNonNull(readEntries);
    }

    /** The routes to serve. */
    public List<ReadRoute> routes() {
        return List.of(
                new ReadRoute("/v1/accounts/{accountId}", this::account),
                new ReadRoute("/v1/accounts/{accountId}/entries", this::entries));
    }

    private Optional<JsonBody> account(ReadRequest request) {
        Field<AccountId> id = request.path("accountId", AccountId::new);
        request.requireValid();
        return switch (readAccount.read(id.value())) {
            case Account.Unopened unopened -> Optional.empty();
            case Account.Open open -> Optional.of(json -> write(json, open));
        };
    }

    private static void write(JsonGenerator json, Account.Open account) {
        json.writeStartObject();
        json.writeStringProperty("accountId", account.id().value());
        json.writeNumberProperty("balanceMinor", account.balanceMinor());
        json.writeStringProperty("currency", account.currency().value());
        json.writeNumberProperty("entries", account.entries());
        json.writeNumberProperty("version", account.version());
        json.writeEndObject();
    }

    private Optional<JsonBody> entries(ReadRequest request) {
        Field<AccountId> id = request.path("accountId", AccountId::new);
        Field<Long> after = request.wholeNumber("after", 0, 0, Long.MAX_VALUE);
        Field<Long> limit = request.wholeNumber("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        request.requireValid();
        int wanted = Math.toIntExact(limit.value());
        // One more than is wanted shows whether there is a next page.
        List<BookedEntry> found = readEntries.read(id.value(), after.value(), wanted + 1);
        return Optional.of(json -> write(json, found, wanted));
    }

    private static void write(JsonGenerator json, List<BookedEntry> found, int wanted) {
        List<BookedEntry> page = found.subList(0, Math.min(found.size(), wanted));
        json.writeStartObject();
        json.writeArrayPropertyStart("entries");
        page.forEach(booked -> write(json, booked));
        json.writeEndArray();
        if (found.size() > wanted) {
            json.writeNumberProperty("next", page.getLast().entry().sequence());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, BookedEntry booked) {
        LedgerEvent event = booked.entry().event();
        json.writeStartObject();
        json.writeNumberProperty("sequence", booked.entry().sequence());
        json.writeStringProperty("messageId", booked.messageId().value());
        json.writeStringProperty("type", event.type().toString());
        json.writeNumberProperty("amountMinor", event.amount().minor());
        json.writeStringProperty("currency", event.currency().value());
        json.writeNumberProperty("balanceAfterMinor", booked.entry().balanceAfterMinor());
        json.writeStringProperty("occurredAt", event.occurredAt().toString());
        json.writeStringProperty("appliedAt", booked.appliedAt().toString());
        if (!event.description().isEmpty()) {
            json.writeStringProperty("description", event.description());
        }
        json.writeEndObject();
    }
}
