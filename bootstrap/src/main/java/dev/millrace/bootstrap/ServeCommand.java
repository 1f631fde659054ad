package dev.millrace.bootstrap;

import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.service.Millrace;
import dev.millrace.bootstrap.service.StopRequest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/** Runs the service until it is asked to stop. */
@Command(
        name = "serve",
        description = {
            "Runs the service until it is asked to stop.",
            "A first SIGTERM or Ctrl-C takes no more in and finishes what is under way; a second"
                    + " one ends at once."
        })
final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private final Map<String, String> environment;

    @Mixin private ConfigurationOption configuration = new ConfigurationOption();

    @Option(
            names = "--stop-at-end-of-input",
            hidden = true,
            description =
                    "Stops when standard input ends, so that no service outlives its starter.")
    private boolean stopAtEndOfInput;

    ServeCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        Configuration read = configuration.read(environment);
        Logs.configure(read.logFormat(), read.logLevel());
        FatalErrors.endTheProcess();
        StopRequest stop = new StopRequest();
        Signals.stopOn(stop);
        if (stopAtEndOfInput) {
            Thread.ofPlatform().daemon().name("end-of-input").start(() -> awaitEndOfInput(stop));
        }
        try (Millrace _ =
                Millrace.start(read, Version.number(), stop, FatalErrors::endTheProcess)) {
            LOG.info("stopping: {}", stop.await());
            cutOffAfter(read.shutdownTimeout());
        }
        LOG.info("stopped");
        return ExitCode.OK;
    }

    private static void awaitEndOfInput(StopRequest stop) {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            LOG.debug("standard input is broken", broken);
        }
        stop.ask("end of input");
    }

    /** What hangs must not keep the process: nothing is lost by cutting it off. */
    private static void cutOffAfter(Duration timeout) {
        Thread.ofPlatform()
                .daemon()
                .name("shutdown-timeout")
                .start(() -> {
                    try {
                        Thread.sleep(timeout);
                        LOG.error("the stop took longer than {}: the rest is cut off", timeout);
                        Runtime.getRuntime().halt(ExitCode.SOFTWARE);
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
