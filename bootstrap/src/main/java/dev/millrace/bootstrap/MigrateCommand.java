package dev.millrace.bootstrap;

import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.configuration.Preparation;
import dev.millrace.bootstrap.service.Migrations;
import dev.millrace.bootstrap.service.StartFailure;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.Map;
import java.util.concurrent.Callable;

/** Brings the database to this version's schema, beforehand and by itself. */
@Command(
        name = "migrate",
        description = "Migrates the database to this version's schema, and ends.")
final class MigrateCommand implements Callable<Integer> {

    private final Map<String, String> environment;

    @Mixin private ConfigurationOption configuration = new ConfigurationOption();

    @Option(
            names = "--verify",
            description =
                    "Changes nothing: fails when the schema is older than this version needs.")
    private boolean verify;

    @Spec private CommandSpec spec;

    MigrateCommand(Map<String, String> environment) {
        this.spec = CommandSpec.create();
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        Configuration read = configuration.read(environment);
        if (!read.namesDatabase()) {
            throw new StartFailure(
                    "No database is named: set MILLRACE_POSTGRES_URL and MILLRACE_POSTGRES_USER, or"
                            + " start the embedded stack with ./millrace stack --detach.");
        }
        Migrations.run(read, verify ? Preparation.VERIFY : Preparation.APPLY);
        spec.commandLine()
                .getOut()
                .println("The database's schema is as new as this version needs.");
        return ExitCode.OK;
    }
}
