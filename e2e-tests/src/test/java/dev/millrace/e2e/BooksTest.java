package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Nothing accepted is lost, nothing takes effect twice, and the order of each account holds. */
class BooksTest {

    private static final long OVERDRAFT_LIMIT = 50_000;
    private static final History HISTORY = History.generate(19930101, 411, 7_301);
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "MILLRACE_PARTITIONS", "4",
                    "MILLRACE_LANES", "3",
                    "MILLRACE_SUBSCRIPTION_TYPE", "key_shared",
                    "MILLRACE_LEDGER_OVERDRAFT_LIMIT_MINOR", Long.toString(OVERDRAFT_LIMIT));

    @TempDir private static Path folder;
    private static Path statement;

    @BeforeAll
    static void write_the_statement() throws IOException {
        statement = folder.resolve("bank.csv");
        List<String> lines = new ArrayList<>();
        lines.add("transaction_id,account_id,date,type,operation,amount_minor");
        HISTORY.reports().forEach(report -> lines.add(report.csv()));
        Files.write(statement, lines);
    }

    @Test
    void a_banks_statement_sent_twice_and_then_shuffled_ends_in_the_banks_own_balances() {
        Site site = Site.on(Stacks.shared(), BooksTest.class);
        Database database = new Database(site);
        try (ServiceProcess service = ServiceProcess.ready(site, folder, SETTINGS)) {
            Programs.Finished first = send(service);
            assertThat(first.status()).as(first.toString()).isZero();
            database.awaitRecords(HISTORY.reports().size());
            assertThat(database.books()).isEqualTo(HISTORY.books(OVERDRAFT_LIMIT));
            assertThat(balanceOverHttp(service)).isEqualTo(lastBalances());

            assertThat(send(service).status()).isZero();
            database.awaitCount(
                    "select count(*) from inbox_record where copies = 2", HISTORY.reports().size());

            shuffled_duplicates_count_as_one_each(service, database);
            assertThat(database.books()).isEqualTo(HISTORY.books(OVERDRAFT_LIMIT));
            assertThat(database.count("select count(*) from quarantine")).isZero();
        }
    }

    private void shuffled_duplicates_count_as_one_each(ServiceProcess service, Database database) {
        List<Report> shuffled = new ArrayList<>(HISTORY.reports());
        Collections.shuffle(shuffled, new Random(7));
        List<Report> some = shuffled.subList(0, 1_000);
        new OrderedSender(service::gate, 4).send(some);
        database.awaitCount("select sum(copies - 2) from inbox_record", some.size());
        assertThat(database.count("select max(copies) from inbox_record")).isEqualTo(3);
        assertThat(database.count("select count(*) from inbox_duplicate"))
                .isEqualTo(HISTORY.reports().size() + some.size());
    }

    private static Programs.Finished send(ServiceProcess service) {
        String gate = service.gate().toString();
        return Programs.run(
                Programs.service(
                        Map.of("MILLRACE_STACK_DIRECTORY", folder.toString()),
                        "send",
                        statement.toString(),
                        "--url",
                        gate.substring(0, gate.length() - 1),
                        "--concurrency",
                        "8",
                        "--map",
                        "messageId=transaction_id",
                        "--map",
                        "accountId=account_id",
                        "--map",
                        "occurredAt=date",
                        "--map",
                        "type=type",
                        "--map",
                        "amountMinor=amount_minor",
                        "--map",
                        "description=operation",
                        "--set",
                        "currency=CZK"),
                folder);
    }

    private static Map<String, Long> balanceOverHttp(ServiceProcess service) {
        Map<String, Long> balances = new HashMap<>();
        lastBalances()
                .keySet()
                .forEach(account -> {
                    JsonNode answer =
                            Http.get(service.gate().resolve("/v1/accounts/" + account)).json();
                    balances.put(account, answer.get("balanceMinor").asLong());
                });
        return balances;
    }

    private static Map<String, Long> lastBalances() {
        return HISTORY.books(OVERDRAFT_LIMIT).entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                lines -> lines.getValue().getLast().balanceAfterMinor()));
    }
}
