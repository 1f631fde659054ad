package dev.millrace.bootstrap.service;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;

/**
 * The file in which the embedded stack and the service say where they are reached. It holds the
 * database's password, so only its owner can read it; it is replaced as a whole, so that nobody
 * reads half of it.
 */
final class EndpointsFile {

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;

    EndpointsFile(Path directory) {
        this.file = directory.resolve("endpoints.properties");
    }

    /** Sets these keys and leaves the others as they are. */
    void put(Map<String, String> entries) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            Properties all = new Properties();
            if (Files.exists(file)) {
                try (Reader reader = Files.newBufferedReader(file)) {
                    all.load(reader);
                }
            }
            all.putAll(entries);
            Path replacement = Files.createTempFile(directory, "endpoints", ".tmp", OWNER_ONLY);
            try (Writer writer = Files.newBufferedWriter(replacement)) {
                all.store(writer, "Where the embedded stack and the service are reached");
            }
            Files.move(
                    replacement,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
