package dev.millrace.bootstrap.configuration;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Finds the text of each setting: the environment first, then the properties file, then the running
 * embedded stack for its own addresses, then the default. Collects mistakes instead of stopping at
 * one.
 */
final class Sources {

    /** The variable that names the properties file. */
    static final String CONFIG_VARIABLE = "MILLRACE_CONFIG";

    private static final String FILE_VARIABLE_SUFFIX = "_FILE";
    private static final String FILE_SUFFIX = ".file";

    /** Variables of the launcher script, which are no settings. */
    private static final List<String> LAUNCHER_VARIABLES =
            List.of(
                    CONFIG_VARIABLE,
                    "MILLRACE_BUILD",
                    "MILLRACE_JAVA_HOME",
                    "MILLRACE_JVM_OPTIONS",
                    "MILLRACE_MAVEN");

    private final Map<String, String> environment;
    private final Map<String, String> properties = new TreeMap<>();
    private final String propertiesSource;
    private final List<Mistake> mistakes;

    /**
     * @param file the properties file that the command line names; empty when it names none
     * @param mistakes receives what is wrong
     */
    Sources(Map<String, String> environment, String file, List<Mistake> mistakes) {
        this.environment = new TreeMap<>(environment);
        this.mistakes = mistakes;
        String variable = environment.getOrDefault(CONFIG_VARIABLE, "");
        this.propertiesSource = file.isEmpty() ? variable : file;
        if (!propertiesSource.isEmpty()) {
            readProperties(file.isEmpty() ? CONFIG_VARIABLE : "--config");
        }
    }

    /** The text of every setting of the catalogue, not yet parsed. */
    Map<String, Values.Value> read() {
        refuseUnknown();
        Map<String, Values.Value> values = new LinkedHashMap<>();
        Settings.all().forEach(setting -> values.put(setting.name(), find(setting)));
        Path endpoints =
                Path.of(Objects.requireNonNull(values.get(Settings.STACK_DIRECTORY.name())).text())
                        .resolve("endpoints.properties");
        new StackAddresses(endpoints, mistakes).addTo(values);
        return values;
    }

    private Values.Value find(Setting<?> setting) {
        String variable = setting.environmentVariable();
        Values.Value inEnvironment =
                find(setting, environment, variable, variable + FILE_VARIABLE_SUFFIX, variable);
        if (!inEnvironment.text().isEmpty()) {
            return inEnvironment;
        }
        Values.Value inFile =
                find(
                        setting,
                        properties,
                        setting.name(),
                        setting.name() + FILE_SUFFIX,
                        propertiesSource);
        return inFile.text().isEmpty()
                ? new Values.Value(setting.fallback(), Values.DEFAULT)
                : inFile;
    }

    /** An empty text is one that is not set. */
    private Values.Value find(
            Setting<?> setting,
            Map<String, String> source,
            String name,
            String fileName,
            String sourceName) {
        String text = source.getOrDefault(name, "");
        String secretFile = setting.secret() ? source.getOrDefault(fileName, "") : "";
        if (secretFile.isEmpty()) {
            return new Values.Value(text, sourceName);
        }
        if (!text.isEmpty()) {
            mistakes.add(
                    new Mistake(
                            fileName,
                            secretFile,
                            sourceName,
                            "must not be set together with " + name));
        }
        try {
            return new Values.Value(Files.readString(Path.of(secretFile)).strip(), secretFile);
        } catch (IOException | IllegalArgumentException unreadable) {
            mistakes.add(
                    new Mistake(fileName, secretFile, sourceName, "must name a readable file"));
            return new Values.Value("", sourceName);
        }
    }

    private void readProperties(String namedBy) {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(propertiesSource))) {
            read.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            mistakes.add(
                    new Mistake(
                            namedBy,
                            propertiesSource,
                            "",
                            "must name a readable properties file in UTF-8"));
        }
        read.stringPropertyNames()
                .forEach(name -> properties.put(name, read.getProperty(name).strip()));
    }

    private void refuseUnknown() {
        List<String> variables = new ArrayList<>(LAUNCHER_VARIABLES);
        List<String> names = new ArrayList<>();
        for (Setting<?> setting : Settings.all()) {
            variables.add(setting.environmentVariable());
            names.add(setting.name());
            if (setting.secret()) {
                variables.add(setting.environmentVariable() + FILE_VARIABLE_SUFFIX);
                names.add(setting.name() + FILE_SUFFIX);
            }
        }
        List<String> given =
                environment.keySet().stream()
                        .filter(name -> name.startsWith(Setting.ENVIRONMENT_PREFIX))
                        .toList();
        refuseUnknown(given, variables, "environment");
        refuseUnknown(List.copyOf(properties.keySet()), names, propertiesSource);
    }

    /** The value of an unknown name is not shown, since it may be a secret under a misspelt one. */
    private void refuseUnknown(List<String> given, List<String> known, String source) {
        given.stream()
                .filter(name -> !known.contains(name))
                .forEach(name ->
                        mistakes.add(
                                new Mistake(
                                        name,
                                        "",
                                        source,
                                        "is no setting" + Spelling.hint(name, known))));
    }
}
