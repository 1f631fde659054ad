package dev.millrace.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The commands of whoever operates a service, against a server that answers as the API does. */
final class OperationsTest {

    @TempDir private Path folder = Path.of("");

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakeManagement management;

    @BeforeEach
    void start() throws IOException {
        management = new FakeManagement();
        environment.put("USER", "ada");
        environment.put("MILLRACE_STACK_DIRECTORY", folder.toString());
        Files.writeString(
                folder.resolve("endpoints.properties"), "management.url=" + management.url());
    }

    @AfterEach
    void stop() {
        management.close();
    }

    @Test
    void a_list_is_a_table_and_says_how_to_go_on() {
        management.answer(
                "GET /ops/v1/quarantine?limit=1&reason=conflict&stream=ledger-entries",
                200,
                """
                {"events":[{"id":17,"stream":"ledger-entries","subscription":"ledger","messageId":"m1","key":"576",
                "reason":"conflict","detail":"evil\\u001b[2Jdetail","attemptCount":0,"retriable":false}],"next":17}\
                """);

        assertThat(
                        run(
                                "quarantine",
                                "list",
                                "--stream",
                                "ledger-entries",
                                "--reason",
                                "conflict",
                                "--limit",
                                "1"))
                .isZero();
        assertThat(out.toString())
                .contains("ID  STREAM", "17  ledger-entries  ledger", "m1", "conflict", "no")
                .doesNotContain("\u001b");
        assertThat(err.toString()).contains("--after 17");
    }

    @Test
    void json_is_the_answer_as_it_is() {
        management.answer("GET /ops/v1/audit-log", 200, "{\"acts\":[{\"id\":1}]}");

        assertThat(run("audit-log", "-o", "json")).isZero();
        assertThat(out.toString().strip()).isEqualTo("{\"acts\":[{\"id\":1}]}");
    }

    @Test
    void causes_show_and_the_parked_ones_are_printed() {
        management.answer(
                "GET /ops/v1/quarantine/causes",
                200,
                "{\"causes\":[{\"events\":3,\"keys\":2,\"reason\":\"attempts-exhausted\","
                        + "\"cause\":\"java.lang.IllegalStateException at a.B.c\"}]}");
        management.answer(
                "GET /ops/v1/quarantine/17",
                200,
                "{\"id\":17,\"attempts\":[{\"number\":1,\"frames\":[\"a.B.c\"]}],\"edits\":[]}");
        management.answer("GET /ops/v1/parked?key=a%2Bb", 200, "{\"keys\":[]}");

        assertThat(run("quarantine", "causes")).isZero();
        assertThat(run("quarantine", "show", "17")).isZero();
        assertThat(run("parked", "list", "--key", "a+b")).isZero();
        assertThat(out.toString())
                .contains("IllegalStateException at a.B.c", "number  1", "a.B.c", "none");
    }

    @Test
    void the_life_of_an_event_is_told_in_order() {
        management.answer("GET /info", 200, "{\"streams\":[\"ledger-entries\"]}");
        management.answer(
                "GET /ops/v1/streams/ledger-entries/messages/a%2Bb/life",
                200,
                """
                {"stream":"ledger-entries","messageId":"a+b","subscriptions":[{"subscription":"ledger","state":"applied",
                "key":"576","copies":1,"traceId":"0af7","moments":[
                {"at":"2026-03-01T12:00:00Z","what":"published","position":"4:17:2:0"},
                {"at":"2026-03-01T12:00:01Z","what":"failed","attempt":1,"exception":"java.io.IOException","message":"no","frames":["a.B.c"]},
                {"at":"2026-03-01T12:00:02Z","what":"retry","by":"ada","why":"mended","details":{"redriveId":"2"}},
                {"what":"applied","effect":"entry 1"}]}]}\
                """);
        management.answer(
                "GET /ops/v1/traces?messageId=a%2Bb",
                200,
                """
                {"traces":[{"traceId":"0af7","spans":[
                {"spanId":"1","parentId":"caller","name":"POST","startedAt":"2026-03-01T12:00:00Z","durationSeconds":0.0095,
                "attributes":{"http.response.status_code":"202"}},
                {"spanId":"2","parentId":"1","name":"send","startedAt":"2026-03-01T12:00:00.001Z","durationSeconds":0.008,"attributes":{}},
                {"spanId":"3","parentId":"2","name":"process","startedAt":"2026-03-01T12:00:02.5Z","durationSeconds":2,
                "attributes":{"millrace.outcome":"parked","millrace.attempt":"1","error.type":"a.B"}}]}]}\
                """);

        assertThat(run("trace", "a+b")).isZero();
        assertThat(out.toString())
                .contains("ledger-entries/ledger   applied   key 576   copies 1   trace 0af7")
                .contains("published  at 4:17:2:0")
                .contains("attempt 1; java.io.IOException; no; at a.B.c")
                .contains("by ada; why: mended; redrive 2")
                .containsPattern("\\(later\\) +applied +entry 1")
                .contains("trace 0af7")
                .containsPattern("0.0 ms +POST +9.5 ms +HTTP 202")
                .containsPattern("1.0 ms +  send +8.0 ms")
                .containsPattern("2.50 s +    process +2.00 s +parked; attempt 1; a.B");
        assertThat(run("trace", "nobody")).isOne();
        management.answer(
                "GET /ops/v1/streams/ledger-entries/positions/4%3A17%3A2%3A0",
                200, "{\"messageId\":\"a+b\"}");
        assertThat(run("trace", "--position", "4:17:2:0", "--stream", "ledger-entries")).isZero();
        assertThat(run("trace")).isEqualTo(2);
        assertThat(run("trace", "a+b", "--position", "4:17:2:0")).isEqualTo(2);
    }

    @Test
    void which_stream_is_meant_must_be_said_where_there_are_several() {
        management.answer("GET /info", 200, "{\"streams\":[\"a\",\"b\"]}");

        assertThat(run("trace", "m1")).isEqualTo(2);
        assertThat(err.toString()).contains("--stream a | b");
        assertThat(run("trace", "m1", "--stream", "a")).isOne();
    }

    @Test
    void an_act_says_who_and_why_and_what_was_done() {
        management.answer(
                "POST /ops/v1/quarantine/17/retry",
                200,
                "{\"id\":17,\"messageId\":\"m1\",\"key\":\"576\",\"result\":\"parked\"}");
        management.answer(
                "POST /ops/v1/quarantine/18/discard",
                200,
                "{\"id\":18,\"messageId\":\"m2\",\"key\":\"576\",\"keyGoesOn\":false}");

        assertThat(run("quarantine", "retry", "17", "--why", "mended")).isZero();
        assertThat(run("quarantine", "discard", "18", "--as", "bob", "--why", "a test")).isZero();

        assertThat(management.requests())
                .containsExactly(
                        "POST /ops/v1/quarantine/17/retry {\"by\":\"ada\",\"why\":\"mended\"}",
                        "POST /ops/v1/quarantine/18/discard {\"by\":\"bob\",\"why\":\"a test\"}");
        assertThat(out.toString())
                .contains("m1 is back at the head of key 576", "still waits for another event");
    }

    @Test
    void an_edit_takes_the_event_from_a_file_and_the_edition_that_was_seen() throws IOException {
        Path event = Files.writeString(folder.resolve("event.json"), "{\"amountMinor\":5}");
        management.answer("PUT /ops/v1/quarantine/17/payload", 200, "{\"id\":17,\"edition\":3}");

        assertThat(
                        run(
                                "quarantine",
                                "edit",
                                "17",
                                "--edition",
                                "2",
                                "--event",
                                event.toString(),
                                "--why",
                                "typo"))
                .isZero();
        assertThat(management.requests())
                .containsExactly(
                        "PUT /ops/v1/quarantine/17/payload {\"by\":\"ada\",\"why\":\"typo\","
                                + "\"edition\":2,\"event\":{\"amountMinor\":5}}");
    }

    @Test
    void a_retry_of_many_is_followed_to_its_end_through_an_outage() {
        management.answer("POST /ops/v1/redrives", 202, "{\"id\":3,\"state\":\"running\"}");
        management.answer("GET /ops/v1/redrives/3", 200, redrive("running", 1, 0, 9));
        management.answer("GET /ops/v1/redrives/3", 503, "{\"detail\":\"The database is away.\"}");
        management.answer("GET /ops/v1/redrives/3", 200, redrive("done", 10, 0, 0));

        assertThat(run("quarantine", "retry", "--key", "576", "--rate", "50")).isZero();

        assertThat(management.requests().getFirst())
                .isEqualTo(
                        "POST /ops/v1/redrives {\"by\":\"ada\",\"filter\":{\"key\":\"576\"},"
                                + "\"rate\":50}");
        assertThat(err.toString())
                .contains(
                        "Ctrl-C leaves it running",
                        "1 retried, 1 succeeded, 0 failed, 9 remaining",
                        "The database is away. Try again in 2 s. Trying again.");
        assertThat(out.toString()).contains("Redrive 3 is done", "10 retried");
    }

    @Test
    void a_redrive_that_stopped_or_failed_in_part_is_not_done() {
        management.answer("POST /ops/v1/redrives", 202, "{\"id\":3}");
        management.answer("GET /ops/v1/redrives/3", 200, redrive("stopped", 10, 8, 5));
        assertThat(run("quarantine", "retry", "--all")).isEqualTo(1);
        assertThat(run("redrive", "show", "3", "--follow")).isEqualTo(1);
        assertThat(out.toString()).contains("stopped: too many fail");

        assertThat(run("quarantine", "retry", "--all", "--detach")).isZero();
        assertThat(out.toString()).contains("millrace redrive show 3");
    }

    @Test
    void a_replay_is_followed_to_its_end_and_differences_have_an_exit_code_of_their_own() {
        management.answer("POST /ops/v1/replays", 202, replay("running", 0));
        management.answer("GET /ops/v1/replays/4", 200, replay("running", 0));
        management.answer("GET /ops/v1/replays/4", 200, replay("done", 2));
        String[] command = {
            "replay",
            "--stream",
            "s",
            "--subscription",
            "w",
            "--mode",
            "fill-gaps",
            "--from",
            "4:17:2:0",
            "--to",
            "2026-03-01T12:00:00Z",
            "--out-of-order",
            "--rate",
            "50"
        };

        assertThat(run(command)).isEqualTo(4);

        assertThat(management.requests().getFirst())
                .isEqualTo(
                        "POST /ops/v1/replays {\"by\":\"ada\",\"stream\":\"s\","
                                + "\"subscription\":\"w\",\"mode\":\"fill-gaps\","
                                + "\"from\":\"4:17:2:0\",\"to\":\"2026-03-01T12:00:00Z\","
                                + "\"outOfOrder\":true,\"rate\":50}");
        assertThat(out.toString())
                .contains("Replay 4 is done. 9 copies looked at, 2 gap: 2 differences.");
        assertThat(run("replay", "--stream", "s", "--subscription", "w")).isEqualTo(2);
        assertThat(run("replay", "--mode", "verify")).isEqualTo(2);
    }

    private static String replay(String state, int differences) {
        return "{\"id\":4,\"state\":\"%s\",\"copies\":9,\"differences\":%d,\"findings\":{\"gap\":%d,\"filled\":0}}"
                .formatted(state, differences, differences);
    }

    @Test
    void a_key_is_released_where_it_waits() {
        management.answer(
                "GET /ops/v1/parked?key=576",
                200,
                "{\"keys\":[{\"stream\":\"s\",\"subscription\":\"w\",\"key\":\"576\"}]}");
        management.answer("POST /ops/v1/parked/release", 200, "{\"key\":\"576\",\"events\":4}");
        management.answer("GET /ops/v1/parked?key=577", 200, "{\"keys\":[]}");
        management.answer("GET /ops/v1/parked?key=578", 200, "{\"keys\":[{},{}]}");

        assertThat(run("parked", "release", "576")).isZero();
        assertThat(management.requests().getLast())
                .isEqualTo(
                        "POST /ops/v1/parked/release {\"by\":\"ada\",\"stream\":\"s\","
                                + "\"subscription\":\"w\",\"key\":\"576\"}");
        assertThat(run("parked", "release", "577")).isEqualTo(1);
        assertThat(run("parked", "release", "578")).isEqualTo(2);
        assertThat(err.toString()).contains("--stream and --subscription");
    }

    @Test
    void lanes_are_listed_with_who_paused_them() {
        management.answer(
                "GET /ops/v1/lanes",
                200,
                "{\"lanes\":[{\"stream\":\"s\",\"subscription\":\"w\",\"process\":\"p1\",\"lane\":0,"
                    + "\"state\":\"paused-by-person\",\"rate\":12.5}],\"paused\":[{\"stream\":\"s\","
                    + "\"subscription\":\"w\",\"by\":\"anna\",\"at\":\"2026-03-01T12:00:00Z\",\"why\":\"a"
                    + " migration\"}]}");

        assertThat(run("lanes", "list")).isZero();

        assertThat(out.toString()).contains("LANE  STATE", "paused-by-person", "12.5");
        assertThat(err.toString())
                .contains("s/w is paused by anna since 2026-03-01T12:00:00Z: a migration");
    }

    @Test
    void lanes_pause_and_go_on_and_what_was_so_before_is_said() {
        String pause = "\"pause\":{\"by\":\"anna\",\"at\":\"2026-03-01T12:00:00Z\",\"why\":\"\"}}";
        management.answer("POST /ops/v1/lanes/pause", 200, "{\"result\":\"paused\"," + pause);
        management.answer(
                "POST /ops/v1/lanes/pause", 200, "{\"result\":\"already-paused\"," + pause);
        management.answer("POST /ops/v1/lanes/resume", 200, "{\"result\":\"resumed\"," + pause);
        management.answer("POST /ops/v1/lanes/resume", 200, "{\"result\":\"not-paused\"}");

        for (String act : List.of("pause", "pause", "resume", "resume")) {
            assertThat(run("lanes", act, "--stream", "s", "--subscription", "w")).isZero();
        }

        assertThat(management.requests())
                .startsWith(
                        "POST /ops/v1/lanes/pause {\"by\":\"ada\",\"stream\":\"s\","
                                + "\"subscription\":\"w\"}");
        assertThat(out.toString())
                .contains(
                        "Within two seconds no lane of s/w applies anything",
                        "Nothing is changed: s/w was paused by anna at 2026-03-01T12:00:00Z",
                        "Within two seconds the lanes of s/w go on",
                        "Nothing is changed: s/w was not paused");
        assertThat(run("lanes", "pause")).isEqualTo(2);
    }

    @Test
    void an_audit_that_balances_ends_with_0_and_one_with_differences_with_4() {
        String end = "{\"report\":{\"copies\":{\"applied\":12345},\"differences\":%d}}\n";
        management.answer(
                "GET /ops/v1/audit?stream=s&subscription=w",
                200,
                "{\"progress\":{\"copies\":10,\"records\":0}}\n" + end.formatted(0));
        management.answer(
                "GET /ops/v1/audit?from=2026-03-01T12%3A00%3A00Z&stream=s&subscription=w",
                200,
                "{\"difference\":{\"kind\":\"lost\",\"position\":\"1:2:3:4\",\"messageId\":\"m1\","
                        + "\"detail\":\"no table knows of it\"}}\n"
                        + end.formatted(1));

        assertThat(run("audit", "--stream", "s", "--subscription", "w")).isZero();
        assertThat(out.toString()).contains("applied  12,345", "Topic and tables agree.");
        assertThat(
                        run(
                                "audit",
                                "--stream",
                                "s",
                                "--subscription",
                                "w",
                                "--from",
                                "2026-03-01T12:00:00Z"))
                .isEqualTo(4);
        assertThat(out.toString())
                .contains("lost  position 1:2:3:4  message ID m1  no table knows of it");
    }

    @Test
    void an_audit_without_an_end_is_none() {
        management.answer(
                "GET /ops/v1/audit?stream=s&subscription=w",
                200,
                "{\"progress\":{\"copies\":10,\"records\":0}}\n");
        assertThat(run("audit", "--stream", "s", "--subscription", "w")).isEqualTo(3);
        management.answer(
                "GET /ops/v1/audit?stream=s&subscription=x",
                200,
                "{\"problem\":{\"detail\":\"the broker is away\"}}\n");
        assertThat(run("audit", "--stream", "s", "--subscription", "x")).isEqualTo(3);
        assertThat(err.toString()).contains("did not come to its end: the broker is away");
    }

    @Test
    void what_is_refused_ends_with_1_and_the_service_s_words() {
        management.answer(
                "POST /ops/v1/quarantine/17/retry",
                409,
                "{\"title\":\"No\",\"detail\":\"A conflict cannot be retried.\",\"status\":409}");
        management.answer(
                "GET /ops/v1/quarantine?reason=%3F",
                400,
                "{\"title\":\"Bad\",\"detail\":\"One is wrong.\",\"errors\":[{\"field\":\"reason\","
                        + "\"rule\":\"must be a word\"}]}");

        assertThat(run("quarantine", "retry", "17")).isEqualTo(1);
        assertThat(run("quarantine", "list", "--reason", "?")).isEqualTo(1);
        assertThat(err.toString())
                .contains("A conflict cannot be retried.", "reason must be a word")
                .doesNotContain("\tat ");
    }

    @Test
    void what_cannot_be_meant_ends_with_2_and_nothing_is_asked() {
        environment.remove("USER");
        for (List<String> command :
                List.of(
                        List.of("quarantine"),
                        List.of("quarantine", "retry", "--as", "a"),
                        List.of("quarantine", "retry", "17", "--all", "--as", "a"),
                        List.of("quarantine", "retry", "--all", "--key", "k", "--as", "a"),
                        List.of("quarantine", "retry", "17"),
                        List.of("quarantine", "retry", "many", "--as", "a"),
                        List.of("quarantine", "discard", "17", "--as", "a"),
                        List.of("quarantine", "show"),
                        List.of("quarantine", "list", "--since", "yesterday"),
                        List.of("quarantine", "edit", "17", "--as", "a", "--why", "w"),
                        List.of(
                                "quarantine",
                                "edit",
                                "17",
                                "--as",
                                "a",
                                "--why",
                                "w",
                                "--edition",
                                "0",
                                "--event",
                                "/nowhere"),
                        List.of("audit", "--stream", "s"),
                        List.of("audit-log", "--url", "nonsense"))) {
            assertThat(run(command.toArray(String[]::new))).as("%s", command).isEqualTo(2);
        }
        assertThat(management.requests()).isEmpty();
        assertThat(err.toString())
                .contains("--as", "--why", "how long ago", "an ID, a filter")
                .doesNotContain("\tat ", "bug in millrace");
    }

    @Test
    void a_service_that_is_away_ends_with_3_and_says_where_it_was_looked_for() {
        management.answer("GET /ops/v1/redrives", 503, "{\"detail\":\"The database is away.\"}");
        assertThat(run("redrive", "list")).isEqualTo(3);
        management.close();
        assertThat(run("redrive", "list")).isEqualTo(3);
        assertThat(run("redrive", "list", "--url", "http://127.0.0.1:1")).isEqualTo(3);
        assertThat(err.toString())
                .contains(
                        "The database is away. Try again in 2 s.",
                        "No service answers at " + management.url(),
                        "No service answers at http://127.0.0.1:1",
                        "--url");
    }

    @Test
    void every_command_has_an_example_in_its_help() {
        List<List<String>> commands = new ArrayList<>();
        collect(Main.commandLine(environment), List.of(), commands);
        commands.removeIf(command ->
                List.of("serve", "send", "config", "migrate").contains(command.getFirst()));
        assertThat(commands).hasSizeGreaterThan(15);
        for (List<String> command : commands) {
            List<String> help = new ArrayList<>(command);
            help.add("--help");
            assertThat(run(help.toArray(String[]::new))).as("%s", command).isZero();
            assertThat(out.toString())
                    .contains(
                            "Usage: millrace " + String.join(" ", command),
                            "  millrace " + String.join(" ", command),
                            "Exit codes:");
            out.getBuffer().setLength(0);
        }
    }

    private static void collect(
            CommandLine commandLine, List<String> path, List<List<String>> commands) {
        commandLine
                .getSubcommands()
                .forEach((name, subcommand) -> {
                    List<String> longer = new ArrayList<>(path);
                    longer.add(name);
                    commands.add(longer);
                    collect(subcommand, longer, commands);
                });
    }

    private static String redrive(String state, int retried, int failed, int remaining) {
        return "{\"id\":3,\"state\":\"%s\",\"retried\":%d,\"succeeded\":%d,\"failed\":%d,\"remaining\":%d,\"rate\":50%s}"
                .formatted(
                        state,
                        retried,
                        retried - failed,
                        failed,
                        remaining,
                        state.equals("stopped") ? ",\"detail\":\"too many fail\"" : "");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine(environment);
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
