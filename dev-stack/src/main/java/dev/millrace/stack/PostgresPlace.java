package dev.millrace.stack;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the database's programs and data are and how its programs are run. That depends on who we
 * are, for PostgreSQL refuses to run as root:
 *
 * <ul>
 *   <li>an ordinary user runs them directly;
 *   <li>root runs them in a user namespace of their own, where they see themselves as nobody while
 *       the system still takes them for root, so that all paths stay reachable;
 *   <li>root without user namespaces runs them as nobody, on a copy of the programs and with the
 *       data below the folder for temporary files, which nobody can reach.
 * </ul>
 *
 * @param prefix what goes before each command
 * @param programs the unpacked PostgreSQL
 * @param home the folder that holds the data directory
 */
record PostgresPlace(List<String> prefix, Path programs, Path home) {
    private static final int NOBODY = 65_534;

    static PostgresPlace choose(StackDirectory directory, StackRuntime runtime) {
        Path home = directory.postgres();
        if (userId(directory.root()) != 0) {
            return new PostgresPlace(List.of(), runtime.postgres(), home);
        }
        if (Child.succeeds("unshare", "-U", "true")) {
            return new PostgresPlace(List.of("unshare", "-U"), runtime.postgres(), home);
        }
        if (!Child.isOnPath("setpriv")) {
            throw new StackFailure(
                    "PostgreSQL does not run as root, and neither 'unshare -U' nor 'setpriv' works"
                            + " here to run it as somebody else; use an ordinary user");
        }
        return asNobody(directory, runtime);
    }

    private static PostgresPlace asNobody(StackDirectory directory, StackRuntime runtime) {
        Path home = homeOfNobody(directory);
        Path programs = home.resolve("programs");
        try {
            Files.createDirectories(home);
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
            if (!Files.exists(programs)) {
                Path unfinished = home.resolve("programs.new");
                StackFiles.deleteTree(unfinished);
                copyTree(runtime.postgres(), unfinished);
                Files.move(unfinished, programs, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.setAttribute(home, "unix:uid", NOBODY);
            Files.setAttribute(home, "unix:gid", NOBODY);
        } catch (IOException e) {
            throw new StackFailure("cannot make " + home + " for PostgreSQL: " + e, e);
        }
        return new PostgresPlace(
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"),
                programs,
                home);
    }

    /** The data directory, which need not exist yet. */
    Path data() {
        return home.resolve("data");
    }

    /** One for each stack directory. */
    static Path homeOfNobody(StackDirectory directory) {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "millrace-postgres-" + Integer.toHexString(directory.root().hashCode()));
    }

    List<String> command(String program, String... arguments) {
        List<String> line = new ArrayList<>(prefix);
        line.add(programs.resolve("bin").resolve(program).toString());
        line.addAll(List.of(arguments));
        return line;
    }

    /** The directory is one that we have made, so its owner is who we are. */
    private static int userId(Path directory) {
        try {
            return (Integer) Files.getAttribute(directory, "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        Path copy = to.resolve(from.relativize(folder).toString());
                        Files.createDirectories(copy);
                        Files.setPosixFilePermissions(
                                copy, PosixFilePermissions.fromString("rwxr-xr-x"));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file).toString()),
                                LinkOption.NOFOLLOW_LINKS,
                                StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
