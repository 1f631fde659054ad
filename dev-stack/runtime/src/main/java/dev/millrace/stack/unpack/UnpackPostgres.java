package dev.millrace.stack.unpack;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Unpacks the archive within the PostgreSQL jar, with its links and permissions. Arguments: the jar
 * and the folder to make. Does nothing if that folder was made from this jar.
 */
public final class UnpackPostgres {
    private UnpackPostgres() {}

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]).toAbsolutePath().normalize();
        Path origin = target.resolve("unpacked-from");
        String identity = jar.getFileName() + " " + Files.size(jar) + "\n";
        if (Files.exists(origin) && Files.readString(origin).equals(identity)) {
            return;
        }
        Path unfinished = target.resolveSibling(target.getFileName() + ".new");
        deleteTree(unfinished);
        unpack(jar, unfinished);
        Files.writeString(unfinished.resolve("unpacked-from"), identity);
        deleteTree(target);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void unpack(Path jar, Path target) throws IOException {
        try (JarFile file = new JarFile(jar.toFile());
                InputStream archive = file.getInputStream(archiveIn(file));
                TarArchiveInputStream entries =
                        new TarArchiveInputStream(
                                new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = entries.getNextEntry();
                    entry != null;
                    entry = entries.getNextEntry()) {
                Path place = target.resolve(entry.getName()).normalize();
                if (!place.startsWith(target)) {
                    throw new IOException("an entry leaves the archive: " + entry.getName());
                }
                unpack(entry, entries, place);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path place)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(place);
            return;
        }
        Files.createDirectories(place.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(place, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, place);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    place, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static JarEntry archiveIn(JarFile jar) throws IOException {
        for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
            JarEntry entry = all.nextElement();
            if (entry.getName().endsWith(".txz")) {
                return entry;
            }
        }
        throw new IOException("no archive of PostgreSQL in " + jar.getName());
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @SuppressWarnings("unused") IOException failure)
                            throws IOException {
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
