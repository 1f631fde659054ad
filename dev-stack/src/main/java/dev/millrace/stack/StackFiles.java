package dev.millrace.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** What the stack does with files, with errors in the stack's words. */
final class StackFiles {
    private StackFiles() {}

    /** Replaces the file at once, so that no reader sees half of it. */
    static void write(Path file, String text) {
        write(file, text, "rw-r--r--");
    }

    /** The same, in a file that nobody else can read at any moment. */
    static void writeSecret(Path file, String text) {
        write(file, text, "rw-------");
    }

    private static void write(Path file, String text, String permissions) {
        try {
            Path unfinished =
                    Files.createTempFile(
                            parent(file),
                            file.getFileName() + ".",
                            ".new",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, text);
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString(permissions));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StackFailure("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new StackFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** A file that comes with this class. */
    static String resource(String name) {
        try (InputStream input = StackFiles.class.getResourceAsStream(name)) {
            if (input == null) {
                throw new StackFailure("this build of the stack lacks its file " + name);
            }
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StackFailure("cannot read " + name + ": " + e.getMessage(), e);
        }
    }

    static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StackFailure("cannot make the folder " + directory + ": " + e, e);
        }
    }

    static void deleteIfExists(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new StackFailure("cannot delete " + file + ": " + e.getMessage(), e);
        }
    }

    /** Deletes the tree below a folder and the folder; follows no links. */
    static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path visited, @SuppressWarnings("unused") IOException failure)
                                throws IOException {
                            Files.delete(visited);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new StackFailure("cannot delete " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The last lines of a log, for an error message; empty if there is none. */
    static String tail(Path file, int lines) {
        try {
            List<String> all = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "";
        }
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new StackFailure(file + " is not a file in a folder");
        }
        return parent;
    }
}
