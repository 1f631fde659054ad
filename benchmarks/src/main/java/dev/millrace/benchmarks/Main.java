package dev.millrace.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** Where {@code demo}, {@code up} and {@code bench} begin. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        version = "millrace 0.1.0-SNAPSHOT",
        subcommands = {DemoCommand.class, UpCommand.class, BenchCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
