package dev.millrace.bootstrap;

import dev.millrace.bootstrap.configuration.Values;
import dev.millrace.bootstrap.service.StopRequest;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the service until it is asked to stop. */
@Command(
        name = "serve",
        description = {
            "Runs the service until it is asked to stop.",
            "A first SIGTERM or Ctrl-C takes no more in and finishes what is under way; a second one ends at once."
        })
final class ServeCommand implements Callable<Integer> {

    private final Map<String, String> environment;

    @Mixin private ConfigurationOption configuration = new ConfigurationOption();

    @Option(
            names = "--stop-at-end-of-input",
            hidden = true,
            description = "Stops when standard input ends, so that no service outlives its starter.")
    private boolean stopAtEndOfInput;

    ServeCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        Values values = configuration.read(environment);
        StopRequest stop = new StopRequest();
        Signals.stopOn(stop);
        return ExitCode.OK;
    }
}
