package dev.millrace.bootstrap;

import dev.millrace.bootstrap.configuration.ReferencePage;
import dev.millrace.bootstrap.configuration.Setting;
import dev.millrace.bootstrap.configuration.Settings;
import dev.millrace.bootstrap.configuration.Values;
import dev.millrace.bootstrap.metrics.MetricsPage;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Shows the configuration in effect. */
@Command(
        name = "config",
        description =
                "Prints the configuration in effect and where each value came from; secrets are"
                        + " masked.")
final class ConfigCommand implements Callable<Integer> {

    /** How the configuration is written. */
    enum Output {
        TABLE,
        JSON
    }

    private final Map<String, String> environment;

    @Mixin private ConfigurationOption configuration = new ConfigurationOption();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table (the default) or json.")
    private Output output = Output.TABLE;

    @Option(
            names = "--reference",
            description = "Prints the Markdown page of all settings instead.")
    private boolean reference;

    @Option(names = "--metrics", description = "Prints the Markdown page of all metrics instead.")
    private boolean metrics;

    @Spec private CommandSpec spec;

    ConfigCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (reference) {
            out.print(ReferencePage.markdown());
        } else if (metrics) {
            out.print(MetricsPage.markdown());
        } else {
            Values values = configuration.read(environment).values();
            switch (output) {
                case TABLE -> printTable(values, out);
                case JSON -> printJson(values, out);
            }
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void printTable(Values values, PrintWriter out) {
        int nameWidth =
                Settings.all().stream()
                        .mapToInt(setting -> setting.name().length())
                        .max()
                        .orElse(0);
        int valueWidth =
                Settings.all().stream()
                        .mapToInt(setting -> values.shown(setting).text().length())
                        .max()
                        .orElse(0);
        String format = "%-" + nameWidth + "s  %-" + Math.max(1, valueWidth) + "s  %s%n";
        for (Setting<?> setting : Settings.all()) {
            Values.Value value = values.shown(setting);
            out.printf(Locale.ROOT, format, setting.name(), value.text(), value.source());
        }
    }

    private static void printJson(Values values, PrintWriter out) {
        Map<String, Values.Value> shown = new LinkedHashMap<>();
        Settings.all()
                .forEach(setting ->
                        shown.put(setting.name(), Objects.requireNonNull(values.shown(setting))));
        out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(shown));
    }
}
