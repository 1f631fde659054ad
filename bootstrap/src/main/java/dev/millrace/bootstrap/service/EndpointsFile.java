package dev.millrace.bootstrap.service;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The file in which the embedded stack and the service say where they are reached. It holds the
 * database's password, so only its owner can read it; it is replaced as a whole, so that nobody
 * reads half of it. Values stand in it as they are, without the escapes that {@link Properties}
 * would write, so that a shell can read them too.
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
            Map<String, String> all = read();
            all.putAll(entries);
            List<String> lines = new ArrayList<>();
            all.forEach((key, value) -> lines.add(key + "=" + value));
            Path replacement = Files.createTempFile(directory, "endpoints", ".tmp", OWNER_ONLY);
            Files.write(replacement, lines);
            Files.move(
                    replacement,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> entries = new TreeMap<>();
        if (Files.exists(file)) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            for (String key : properties.stringPropertyNames()) {
                entries.put(key, properties.getProperty(key, ""));
            }
        }
        return entries;
    }
}
