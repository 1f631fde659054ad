package dev.millrace.bootstrap;

import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The top of the command line. */
@Command(
        name = "millrace",
        description =
                "Takes events in over HTTP, keeps them in Apache Pulsar, and applies them to"
                        + " PostgreSQL.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed or refused; the words say what is not done",
            "2:the command or the configuration cannot be used",
            "3:operations: the service, or what it needs, is away",
            "4:audit and replay: there are differences"
        })
final class MillraceCommand {}
