package dev.millrace.bootstrap.configuration;

import dev.millrace.domain.InvalidValue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads the configuration, once. */
public final class ConfigurationReader {

    private ConfigurationReader() {}

    /**
     * Reads every setting from where it is set.
     *
     * @param environment the variables of this process
     * @param file the properties file that the command line names; empty when it names none
     * @throws InvalidConfiguration with all mistakes at once
     */
    public static Configuration read(Map<String, String> environment, String file) {
        List<Mistake> mistakes = new ArrayList<>();
        Map<String, Values.Value> found = new Sources(environment, file, mistakes).read();
        Map<String, Values.Value> valid = new LinkedHashMap<>(found);
        for (Setting<?> setting : Settings.all()) {
            Values.Value value = Objects.requireNonNull(found.get(setting.name()));
            if (!isValid(setting, value, mistakes)) {
                // The rules that join settings need a value of each: a broken one stands aside with
                // its default.
                valid.put(setting.name(), new Values.Value(setting.fallback(), Values.DEFAULT));
            }
        }
        Values values = new Values(valid);
        new Consistency(values, mistakes).check();
        Configuration configuration = new Configuration(values);
        if (mistakes.isEmpty()) {
            checkRecords(configuration, mistakes);
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidConfiguration(mistakes);
        }
        return configuration;
    }

    /** What the parts demand of their settings beyond the catalogue. */
    private static void checkRecords(Configuration configuration, List<Mistake> mistakes) {
        try {
            configuration.require();
        } catch (InvalidValue broken) {
            mistakes.add(new Mistake(broken.field(), "", "", broken.rule()));
        }
    }

    private static boolean isValid(Setting<?> setting, Values.Value value, List<Mistake> mistakes) {
        if (value.text().isEmpty()) {
            return true;
        }
        try {
            Objects.requireNonNull(setting.parse(value.text()));
            return true;
        } catch (InvalidValue broken) {
            mistakes.add(
                    new Mistake(
                            setting.name(),
                            setting.shown(value.text()),
                            value.source(),
                            broken.rule()));
            return false;
        }
    }
}
