package dev.millrace.e2e;

import dev.millrace.stack.Endpoints;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The service's classes, loaded and linked ahead of time: with them a start takes about half the
 * processor time. They are collected by one run of the service for each build of it, by the first
 * test process that starts one; without them everything only takes longer.
 */
final class AheadOfTime {

    private static final Path FOLDER =
            Programs.checkout().resolve("e2e-tests/target/ahead-of-time");
    private static final String ENDING = ".aot";

    private static boolean tried;

    private AheadOfTime() {}

    /** What the virtual machine is told; nothing when there is no cache of this build. */
    static List<String> flags() {
        Path cache = cache();
        return Files.exists(cache) ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off") : List.of();
    }

    /** Makes the cache if there is none; another process that is at it is waited for. */
    static synchronized void prepare(Endpoints endpoints) {
        Path cache = cache();
        if (tried || Files.exists(cache)) {
            return;
        }
        tried = true;
        try {
            Files.createDirectories(FOLDER);
            try (FileChannel file =
                            FileChannel.open(
                                    FOLDER.resolve("lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock _ = file.lock()) {
                if (!Files.exists(cache)) {
                    deleteOld();
                    collect(endpoints, cache);
                }
            }
        } catch (IOException | RuntimeException | AssertionError without) {
            System.out.println("services start without a cache of classes: " + without);
        }
    }

    /** A service that has done all of its work once, and ends in order, leaves the cache. */
    private static void collect(Endpoints endpoints, Path cache) throws IOException {
        long began = System.nanoTime();
        Path unfinished = FOLDER.resolve("unfinished");
        Site site = Site.on(endpoints, AheadOfTime.class);
        try (ServiceProcess service =
                ServiceProcess.start(
                        site,
                        FOLDER,
                        Map.of("MILLRACE_PARTITIONS", "1", "MILLRACE_SHUTDOWN_TIMEOUT", "5m"),
                        Programs.Launch.plain()
                                .with("-XX:AOTCacheOutput=" + unfinished, "-Xlog:aot*=off"))) {
            service.awaitReadiness(true);
            Report report = new Report("m", "a", "credit", 1, "CZK", Instant.EPOCH, "training");
            Http.Answer answer = Prober.post(service.gate(), report);
            if (answer.status() == 202) {
                new Database(site).awaitRecords(1);
            }
            service.terminate();
        }
        Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
        System.out.printf(
                "the service's classes were collected in %.1f s%n",
                (System.nanoTime() - began) / 1e9);
    }

    /** Named after the build, so that a stale one is never taken. */
    private static Path cache() {
        try (Stream<Path> jars = Files.list(Programs.LIBRARIES)) {
            long newest = jars.map(Path::toFile).mapToLong(File::lastModified).max().orElseThrow();
            return FOLDER.resolve(newest + ENDING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void deleteOld() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(ENDING)) {
                    Files.delete(file);
                }
            }
        }
    }
}
