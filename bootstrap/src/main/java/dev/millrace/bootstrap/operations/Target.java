package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The options that every operation has: which service is meant, and how its answer is printed. */
final class Target {

    private static final String DEFAULT = "http://127.0.0.1:8081";

    /** How an answer is printed. */
    enum Output {
        TABLE,
        JSON
    }

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "the management port (default: that of the running service, else "
                            + DEFAULT
                            + ")")
    private Optional<URI> url = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table (the default) or json, which is the service's answer as it is")
    private Output output = Output.TABLE;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** The service that is meant. */
    Management open(Map<String, String> environment) {
        URI target = url.orElseGet(() -> running(environment));
        if (target.getHost() == null
                || !("http".equals(target.getScheme()) || "https".equals(target.getScheme()))) {
            throw OperationFailure.mistake(
                    "--url must be like " + DEFAULT + ", not " + target + ".");
        }
        return new Management(target);
    }

    /** What the running service has written into the folder of the stack. */
    private static URI running(Map<String, String> environment) {
        Path file =
                Path.of(
                        environment.getOrDefault("MILLRACE_STACK_DIRECTORY", ".millrace"),
                        "endpoints.properties");
        if (!Files.isReadable(file)) {
            return URI.create(DEFAULT);
        }
        Properties addresses = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            addresses.load(reader);
            return URI.create(addresses.getProperty("management.url", DEFAULT));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw OperationFailure.mistake(
                    file + " does not say where the service is; name it with --url.");
        }
    }

    /** Where answers go. */
    PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Where a person is told what goes on. */
    PrintWriter err() {
        return command.commandLine().getErr();
    }

    boolean isJson() {
        return output == Output.JSON;
    }

    /** Prints a list, and how to get what comes after it. */
    void printList(JsonNode answer, String name, List<Screen.Column> columns) {
        if (isJson()) {
            out().println(answer);
        } else {
            Screen.table(out(), columns, answer.path(name).valueStream().toList());
            String next = Screen.text(answer.path("next"));
            if (!next.isEmpty()) {
                err().println("There are more: --after " + next);
            }
        }
        out().flush();
    }

    /** Prints one thing. */
    void printObject(JsonNode answer) {
        if (isJson()) {
            out().println(answer);
        } else {
            Screen.object(out(), answer);
        }
        out().flush();
    }

    /** Prints what an act has done: as it is, or in these words. */
    void printDone(JsonNode answer, String words) {
        out().println(isJson() ? answer.toString() : Screen.printable(words));
        out().flush();
    }
}
