package dev.millrace.bootstrap.configuration;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The addresses of the running embedded stack. They stand in for a broker, or a database, of which
 * nothing at all is named: half of them is never mixed with half of another's, so that no password
 * goes to a stranger.
 */
final class StackAddresses {

    private static final Map<String, Setting<?>> BROKER =
            Map.of(
                    "pulsar.service-url",
                    Settings.PULSAR_SERVICE_URL,
                    "pulsar.admin-url",
                    Settings.PULSAR_ADMIN_URL);
    private static final Map<String, Setting<?>> DATABASE =
            Map.of(
                    "postgres.url", Settings.POSTGRES_URL,
                    "postgres.user", Settings.POSTGRES_USER,
                    "postgres.password", Settings.POSTGRES_PASSWORD);

    private final Path file;
    private final List<Mistake> mistakes;

    StackAddresses(Path file, List<Mistake> mistakes) {
        this.file = file;
        this.mistakes = mistakes;
    }

    void addTo(Map<String, Values.Value> values) {
        List<Map<String, Setting<?>>> unnamed =
                Stream.of(BROKER, DATABASE).filter(group -> isUnnamed(group, values)).toList();
        if (unnamed.isEmpty() || !Files.exists(file)) {
            return;
        }
        Properties stack = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            stack.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            mistakes.add(
                    new Mistake(
                            Settings.STACK_DIRECTORY.name(),
                            file.toString(),
                            "",
                            "must be readable by this user, or the addresses must be named"));
        }
        for (Map<String, Setting<?>> group : unnamed) {
            group.forEach((key, setting) -> {
                String text = stack.getProperty(key, "");
                if (!text.isEmpty()) {
                    values.put(setting.name(), new Values.Value(text, file.toString()));
                }
            });
        }
    }

    private static boolean isUnnamed(
            Map<String, Setting<?>> group, Map<String, Values.Value> values) {
        return group.values().stream()
                .allMatch(setting ->
                        Objects.requireNonNull(values.get(setting.name())).text().isEmpty());
    }
}
