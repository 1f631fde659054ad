package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a person does about failed events from a shell, on a real service. */
class OperationCommandsTest {

    @TempDir private Path folder;

    @Test
    void what_failed_is_found_retried_and_given_up_from_a_shell() throws SQLException {
        Site site = Site.on(Stacks.shared(), OperationCommandsTest.class);
        Database database = new Database(site);
        try (ServiceProcess service =
                ServiceProcess.ready(
                        site,
                        folder,
                        Map.of(
                                "MILLRACE_RETRY_MAX_ATTEMPTS", "2",
                                "MILLRACE_RETRY_BACKOFF_FIRST", "100ms"))) {
            execute(site, "alter table entry add constraint fault check (amount_minor <> 777)");
            for (String key : List.of("one", "two")) {
                send(service, "bad-" + key, key, 777);
                send(service, "behind-" + key, key, 5);
            }
            database.awaitCount("select count(*) from quarantine", 2);
            database.awaitCount("select count(*) from parked_event", 2);

            assertThat(run(service, "quarantine", "causes").out())
                    .contains("attempts-exhausted", "PSQLException");
            long one = idOf(service, "one");
            assertThat(run(service, "quarantine", "show", Long.toString(one)).out())
                    .contains("bad-one", "number  2");
            assertThat(run(service, "parked", "list").out()).contains("one", "two", "yes");
            Programs.Finished blocked = run(service, "parked", "release", "one", "--as", "ada");
            assertThat(blocked.status()).as(blocked.out()).isEqualTo(1);
            assertThat(blocked.err()).contains(Long.toString(one)).doesNotContain("\tat ");

            execute(site, "alter table entry drop constraint fault");
            Programs.Finished retried =
                    run(
                            service,
                            "quarantine",
                            "retry",
                            Long.toString(one),
                            "--as",
                            "ada",
                            "--why",
                            "mended");
            assertThat(retried.status()).as(retried.err()).isZero();
            database.awaitCount("select count(*) from entry where account_id = 'one'", 2);

            String two = Long.toString(idOf(service, "two"));
            assertThat(run(service, "quarantine", "discard", two, "--as", "bob").status())
                    .isEqualTo(2);
            assertThat(
                            run(
                                            service,
                                            "quarantine",
                                            "discard",
                                            two,
                                            "--as",
                                            "bob",
                                            "--why",
                                            "a test event")
                                    .status())
                    .isZero();
            database.awaitCount("select count(*) from entry where account_id = 'two'", 1);
            Programs.Finished again = run(service, "quarantine", "retry", two, "--as", "ada");
            assertThat(again.status()).isEqualTo(1);
            assertThat(again.err()).contains("bob");

            assertThat(run(service, "audit-log").out())
                    .contains("ada", "mended", "bob", "a test event");
            Programs.Finished audit =
                    run(service, "audit", "--stream", "ledger-entries", "--subscription", "ledger");
            assertThat(audit.status()).as(audit.out()).isZero();
            assertThat(audit.out()).contains("applied  3", "discarded  1");
        }
    }

    private long idOf(ServiceProcess service, String key) {
        JsonNode list =
                JsonMapper.shared()
                        .readTree(
                                run(service, "quarantine", "list", "--key", key, "-o", "json")
                                        .out());
        assertThat(list.get("events").size()).isEqualTo(1);
        return list.at("/events/0/id").asLong();
    }

    private Programs.Finished run(ServiceProcess service, String... command) {
        String[] arguments = new String[command.length + 2];
        System.arraycopy(command, 0, arguments, 0, command.length);
        arguments[command.length] = "--url";
        arguments[command.length + 1] = service.management().toString();
        return Programs.run(Programs.service(Map.of(), arguments), folder);
    }

    private static void send(ServiceProcess service, String messageId, String key, long amount) {
        Report report =
                new Report(messageId, key, "credit", amount, "CZK", Instant.EPOCH, "operations");
        assertThat(Prober.post(service.gate(), report).status()).isEqualTo(202);
    }

    private static void execute(Site site, String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
