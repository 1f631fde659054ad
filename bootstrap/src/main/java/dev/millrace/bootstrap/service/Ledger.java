package dev.millrace.bootstrap.service;

import dev.millrace.adapters.http.ledger.LedgerEventReader;
import dev.millrace.adapters.http.ledger.LedgerEventWriter;
import dev.millrace.adapters.http.ledger.LedgerRoutes;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.adapters.postgres.PostgresDatabase;
import dev.millrace.adapters.postgres.ledger.LedgerStateStore;
import dev.millrace.adapters.postgres.ledger.PostgresBooks;
import dev.millrace.adapters.pulsar.ledger.LedgerEventCodec;
import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.ledger.LedgerStream;

import java.util.List;

/** FORK: the sample business, as the composition root joins it. */
final class Ledger {

    private Ledger() {}

    static StreamParts<LedgerEvent, Account, Entry> stream(Configuration configuration) {
        return new StreamParts<>(
                LedgerStream.under(configuration.ledger()),
                new LedgerEventReader(),
                new LedgerEventWriter(),
                LedgerEventCodec.create(),
                new LedgerStateStore(configuration.tenant()),
                configuration.subscriptions());
    }

    static List<ReadRoute> routes(Configuration configuration, PostgresDatabase database) {
        PostgresBooks books = new PostgresBooks(database, configuration.tenant());
        return new LedgerRoutes(books::account, books::entries).routes();
    }
}
