package dev.millrace.benchmarks.process;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/**
 * The file {@code endpoints.properties} of a folder, in which stack and service say where they are.
 */
public record Addresses(Path directory) {

    private Path file() {
        return directory.resolve("endpoints.properties");
    }

    /** An address by its key, such as {@code gate.url}; empty while nobody has said it. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(read().getProperty(key));
    }

    /** An address that must be there. */
    public String get(String key) {
        return find(key).orElseThrow(() -> new Failure(key + " is missing in " + file()));
    }

    /** Takes away what a service said that no longer runs. */
    void forget(String... keys) {
        Properties all = read();
        boolean changed = false;
        for (String key : keys) {
            changed |= all.remove(key) != null;
        }
        if (changed) {
            write(all);
        }
    }

    private Properties read() {
        Properties all = new Properties();
        if (Files.exists(file())) {
            try (Reader reader = Files.newBufferedReader(file())) {
                all.load(reader);
            } catch (IOException unreadable) {
                throw new Failure(
                        file() + " cannot be read: " + unreadable.getMessage(), unreadable);
            }
        }
        return all;
    }

    private void write(Properties all) {
        try {
            Path replacement =
                    Files.createTempFile(
                            directory,
                            "endpoints",
                            ".tmp",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            try (Writer writer = Files.newBufferedWriter(replacement)) {
                all.store(writer, "Where the embedded stack and the service are reached");
            }
            Files.move(
                    replacement,
                    file(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            throw new Failure(
                    file() + " cannot be written: " + unwritable.getMessage(), unwritable);
        }
    }
}
