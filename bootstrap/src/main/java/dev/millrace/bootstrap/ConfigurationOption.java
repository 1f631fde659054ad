package dev.millrace.bootstrap;

import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.configuration.ConfigurationReader;

import picocli.CommandLine.Option;

import java.util.Map;

/** The option that every command with a configuration has. */
final class ConfigurationOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A properties file with settings; MILLRACE_CONFIG names one too.")
    private String file = "";

    /** Reads the configuration, or throws all that is wrong with it. */
    Configuration read(Map<String, String> environment) {
        return ConfigurationReader.read(environment, file);
    }
}
