package dev.millrace.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One process, told apart from a later one with the same number by the time of its start.
 *
 * @param pid its number
 * @param startedMillis when it started, milliseconds since 1970; 0 if the system does not say
 */
record ProcessId(long pid, long startedMillis) {
    /** The system reckons start times from its boot, which moves when the clock is set. */
    private static final long TOLERANCE_MILLIS = 3_000;

    static ProcessId current() {
        return of(ProcessHandle.current());
    }

    static ProcessId of(ProcessHandle handle) {
        return new ProcessId(
                handle.pid(), handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    static Optional<ProcessId> read(Path file) {
        try {
            String[] words = Files.readString(file).strip().split(" ", -1);
            return words.length == 2
                    ? Optional.of(new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1])))
                    : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StackFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    void write(Path file) {
        StackFiles.write(file, pid + " " + startedMillis + "\n");
    }

    /** The process, while it runs; a dead one that nobody has waited for does not count. */
    Optional<ProcessHandle> alive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> !isZombie(pid))
                .filter(this::isSame);
    }

    boolean awaitDeath(Duration bound) {
        return Waiting.until(bound, () -> alive().isEmpty());
    }

    private boolean isSame(ProcessHandle handle) {
        long started = of(handle).startedMillis();
        return startedMillis == 0
                || started == 0
                || Math.abs(started - startedMillis) <= TOLERANCE_MILLIS;
    }

    private static boolean isZombie(long pid) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name in parentheses may hold anything, the state follows the last one.
            return status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException e) {
            // Not Linux, or gone by now, which the caller finds out by itself.
            return false;
        }
    }
}
