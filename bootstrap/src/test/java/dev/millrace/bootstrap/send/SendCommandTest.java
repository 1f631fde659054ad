package dev.millrace.bootstrap.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.bootstrap.send.ledger.LedgerFields;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

final class SendCommandTest {

    private static final String HEADER =
            "transaction_id,account_id,date,type,operation,amount_minor,balance_after_minor\n";
    private static final String MAPPING =
            "--map messageId=transaction_id --map accountId=account_id --map occurredAt=date --map"
                    + " type=type --map amountMinor=amount_minor --map description=operation --set"
                    + " currency=CZK";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir Path folder;

    @Test
    void a_table_goes_in_as_it_is() throws Exception {
        Path table =
                write(
                        "bank.csv",
                        HEADER + "1,a,1993-01-01,credit,cash,5,5\n2,a,1993-01-02,debit,cash,3,2\n");
        try (FakeGate fake = new FakeGate(1, 0)) {
            int status = run(table + " --url " + fake.url() + " " + MAPPING);

            assertThat(status).isZero();
            assertThat(fake.order("a")).containsExactly("1", "2");
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .containsPattern("accepted +2\nretried +0\nrefused +0\nnot accepted +0\n");
        }
    }

    @Test
    void the_address_of_the_running_service_is_found() throws Exception {
        try (FakeGate fake = new FakeGate(1, 0)) {
            write("endpoints.properties", "gate.url=" + fake.url() + "\n");

            int status =
                    run(
                            write("one.ndjson", "{\"accountId\":\"a\",\"amountMinor\":1}\n")
                                    .toString());

            assertThat(status).isZero();
            assertThat(fake.stored()).hasSize(1);
        }
    }

    @Test
    void what_is_refused_makes_the_exit_status_one() throws Exception {
        try (FakeGate fake = new FakeGate(1, 0)) {
            Path file = write("bad.ndjson", "{\"accountId\":\"a\",\"amountMinor\":0}\n");

            assertThat(run(file + " --url " + fake.url())).isEqualTo(1);
            assertThat(errors.toString(StandardCharsets.UTF_8))
                    .contains("line 1: amountMinor must be positive");
        }
    }

    @Test
    void what_cannot_be_tried_makes_the_exit_status_two() throws Exception {
        Path table = write("bank.csv", HEADER);

        assertThat(run(folder.resolve("missing.csv").toString())).isEqualTo(2);
        assertThat(run(table + " --map accountId=nothing")).isEqualTo(2);
        assertThat(run(table + " --batch 0")).isEqualTo(2);
        assertThat(run(table + " --url nonsense")).isEqualTo(2);
        assertThat(run(table + " --no-such-option")).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .contains(
                        "there is no file",
                        "there is no column nothing",
                        "--batch must be 1 to 10000");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private int run(String arguments) {
        SendCommand command =
                new SendCommand(
                        List.of(LedgerFields.FIELDS),
                        Map.of("MILLRACE_STACK_DIRECTORY", folder.toString()),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(errors, true, StandardCharsets.UTF_8));
        return new CommandLine(command).execute(arguments.split(" ", -1));
    }
}
