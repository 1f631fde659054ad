package dev.millrace.bootstrap;

import dev.millrace.bootstrap.configuration.InvalidConfiguration;
import dev.millrace.bootstrap.operations.OperationCommands;
import dev.millrace.bootstrap.operations.OperationFailure;
import dev.millrace.bootstrap.send.SendCommand;
import dev.millrace.bootstrap.send.ledger.LedgerFields;
import dev.millrace.bootstrap.service.StartFailure;
import dev.millrace.bootstrap.service.Words;
import dev.millrace.ports.Unavailable;

import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Where the process begins: hands the command line to the command that it names, and its failures
 * to a person.
 */
public final class Main {

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    /** The command line of a process with this environment. */
    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine commandLine = new CommandLine(new MillraceCommand());
        OperationCommands.of(environment).forEach(commandLine::addSubcommand);
        return commandLine
                .addSubcommand(new ServeCommand(environment))
                .addSubcommand(new SendCommand(List.of(LedgerFields.FIELDS), environment))
                .addSubcommand(new MigrateCommand(environment))
                .addSubcommand(new ConfigCommand(environment))
                .registerConverter(int.class, wholeNumber(Integer::valueOf))
                .registerConverter(long.class, wholeNumber(Long::valueOf))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> explain(failure, command.getErr()));
    }

    /** Refuses what is none in words of people, not of Java. */
    private static <N> ITypeConverter<N> wholeNumber(Function<String, N> parsing) {
        return text -> {
            try {
                return parsing.apply(text);
            } catch (NumberFormatException none) {
                throw new TypeConversionException("'" + text + "' is not a whole number");
            }
        };
    }

    private static int explain(Exception failure, PrintWriter err) {
        switch (failure) {
            case InvalidConfiguration mistakes -> {
                err.println(mistakes.getMessage());
                err.println(
                        "docs/configuration.md describes every setting; so does `millrace config"
                                + " --reference`.");
                return ExitCode.USAGE;
            }
            case OperationFailure told -> {
                err.println(told.getMessage());
                return told.exitCode();
            }
            case StartFailure expected -> err.println(expected.getMessage());
            case Unavailable outage -> err.println(Words.of(outage));
            default -> {
                err.println(
                        "This is a bug in millrace; please report it with all of the following.");
                failure.printStackTrace(err);
            }
        }
        return ExitCode.SOFTWARE;
    }
}
