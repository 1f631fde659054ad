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
        exitCodeList = {"0:done", "1:failed", "2:the command or the configuration cannot be used"})
final class MillraceCommand {}
