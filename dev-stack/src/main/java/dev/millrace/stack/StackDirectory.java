package dev.millrace.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The one folder of a stack: its data, logs, addresses, and who runs it.
 *
 * <pre>
 * endpoints.properties   addresses, while it runs; other programs may add keys of their own
 * stack.state            the process that holds the stack, and how far it is
 * broker/                configuration and data of the broker
 * postgres/              data and password of the database
 * run/                   process ids of the broker and the postmaster
 * logs/
 * </pre>
 */
final class StackDirectory {
    enum State {
        STARTING,
        RUNNING,
        STOPPING
    }

    /** Who holds the stack, and how far it is. */
    record Holder(ProcessId process, State state) {}

    private static final Duration LEFTOVER_BOUND = Duration.ofSeconds(20);
    private static final Duration LOCK_BOUND = Duration.ofSeconds(5);
    private static final List<String> LOGS =
            List.of("broker.log", "broker.out", "postgres.log", "initdb.log");

    private final Path root;

    StackDirectory(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    Path root() {
        return root;
    }

    Path broker() {
        return root.resolve("broker");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path log(String name) {
        return root.resolve("logs").resolve(name);
    }

    Path brokerPidFile() {
        return root.resolve("run").resolve("broker.pid");
    }

    Path postgresPidFile() {
        return root.resolve("run").resolve("postgres.pid");
    }

    Path endpointsFile() {
        return root.resolve("endpoints.properties");
    }

    private Path stateFile() {
        return root.resolve("stack.state");
    }

    /** The live process that holds the stack; empty if there is none, whatever files say. */
    Optional<Holder> holder() {
        if (!Files.exists(stateFile())) {
            return Optional.empty();
        }
        try {
            String[] words = Files.readString(stateFile()).strip().split(" ", -1);
            ProcessId process = new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1]));
            return process.alive().map(alive -> new Holder(process, State.valueOf(words[2])));
        } catch (IOException | RuntimeException e) {
            // Deleted meanwhile, or not ours: nobody holds it.
            return Optional.empty();
        }
    }

    /**
     * Makes this process the holder, or says who is. What a dead holder's children still have to do
     * is awaited first.
     */
    void take() {
        requireOurs();
        StackFiles.createDirectory(root);
        StackFiles.createDirectory(root.resolve("logs"));
        StackFiles.createDirectory(root.resolve("run"));
        try (FileChannel channel =
                FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            boolean locked = Waiting.until(LOCK_BOUND, () -> lock(channel).isPresent());
            if (!locked) {
                throw new AlreadyRunning("another process is starting a stack in " + root);
            }
            // What is stopping in this moment makes room by itself.
            Waiting.until(
                    LEFTOVER_BOUND,
                    () -> holder().filter(holder -> holder.state() == State.STOPPING).isEmpty());
            Optional<Holder> holder = holder();
            if (holder.isPresent()) {
                throw new AlreadyRunning(describe(holder.get()));
            }
            say(State.STARTING);
        } catch (IOException e) {
            throw new StackFailure("cannot lock " + lockFile() + ": " + e, e);
        }
        endLeftover("broker", brokerPidFile());
        endLeftover("PostgreSQL", postgresPidFile());
        forgetEndpoints();
        LOGS.forEach(this::setLogAside);
    }

    /** A fresh start deletes data, which must not be somebody else's. */
    private void requireOurs() {
        boolean used = Files.exists(broker()) || Files.exists(postgres());
        if (used && !Files.exists(lockFile())) {
            throw new StackFailure(
                    root
                            + " holds a folder 'broker' or 'postgres' that is not a stack's; choose"
                            + " another folder with --directory");
        }
    }

    private Path lockFile() {
        return root.resolve("stack.lock");
    }

    private static Optional<FileLock> lock(FileChannel channel) {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StackFailure("cannot lock the stack's folder: " + e, e);
        }
    }

    private String describe(Holder holder) {
        String where =
                "a stack is "
                        + holder.state().name().toLowerCase(Locale.ROOT)
                        + " in "
                        + root
                        + " (process "
                        + holder.process().pid()
                        + ")";
        return where
                + endpoints().map(found -> "\n  " + found).orElse("")
                + "\n  use it, stop it first, or choose another folder with --directory";
    }

    /** Our pipe rule makes them end by themselves within seconds; the rest is for a stuck one. */
    private static void endLeftover(String name, Path pidFile) {
        Optional<ProcessId> leftover = ProcessId.read(pidFile);
        if (leftover.isPresent() && !leftover.get().awaitDeath(LEFTOVER_BOUND)) {
            leftover.get().alive().ifPresent(ProcessHandle::destroyForcibly);
            if (!leftover.get().awaitDeath(LEFTOVER_BOUND)) {
                throw new StackFailure(
                        "the "
                                + name
                                + " of an earlier stack (process "
                                + leftover.get().pid()
                                + ") does not end; end it by hand");
            }
        }
        StackFiles.deleteIfExists(pidFile);
    }

    private void setLogAside(String name) {
        Path log = log(name);
        if (Files.exists(log)) {
            try {
                Files.move(
                        log,
                        log.resolveSibling(name + ".old"),
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new StackFailure("cannot set " + log + " aside: " + e, e);
            }
        }
    }

    void say(State state) {
        ProcessId self = ProcessId.current();
        StackFiles.write(
                stateFile(), self.pid() + " " + self.startedMillis() + " " + state.name() + "\n");
    }

    /** Nobody holds the stack any more. */
    void release() {
        forgetEndpoints();
        StackFiles.deleteIfExists(brokerPidFile());
        StackFiles.deleteIfExists(postgresPidFile());
        StackFiles.deleteIfExists(stateFile());
    }

    /** Makes a folder that only its owner may look into. */
    static void createPrivate(Path directory) {
        StackFiles.createDirectory(directory);
        try {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new StackFailure("cannot protect the folder " + directory + ": " + e, e);
        }
    }

    void publish(Endpoints endpoints) {
        List<String> lines = linesOfOthers();
        keysAndValues(endpoints).forEach((key, value) -> lines.add(key + "=" + value));
        StackFiles.writeSecret(endpointsFile(), String.join("\n", lines) + "\n");
    }

    private void forgetEndpoints() {
        List<String> others = linesOfOthers();
        if (others.stream().allMatch(String::isBlank)) {
            StackFiles.deleteIfExists(endpointsFile());
        } else {
            StackFiles.writeSecret(endpointsFile(), String.join("\n", others) + "\n");
        }
    }

    private List<String> linesOfOthers() {
        if (!Files.exists(endpointsFile())) {
            return new ArrayList<>();
        }
        List<String> lines = new ArrayList<>(StackFiles.read(endpointsFile()).lines().toList());
        lines.removeIf(line -> line.startsWith("pulsar.") || line.startsWith("postgres."));
        return lines;
    }

    private static Map<String, String> keysAndValues(Endpoints endpoints) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("pulsar.service-url", endpoints.pulsarServiceUrl());
        values.put("pulsar.admin-url", endpoints.pulsarAdminUrl());
        values.put("postgres.url", endpoints.postgresUrl());
        values.put("postgres.user", endpoints.postgresUser());
        values.put("postgres.password", endpoints.postgresPassword());
        return values;
    }

    /** The addresses, if they are all there. */
    Optional<Endpoints> endpoints() {
        Properties found = new Properties();
        try (var reader = Files.newBufferedReader(endpointsFile())) {
            found.load(reader);
        } catch (IOException e) {
            return Optional.empty();
        }
        Endpoints endpoints =
                new Endpoints(
                        found.getProperty("pulsar.service-url", ""),
                        found.getProperty("pulsar.admin-url", ""),
                        found.getProperty("postgres.url", ""),
                        found.getProperty("postgres.user", ""),
                        found.getProperty("postgres.password", ""));
        boolean complete = keysAndValues(endpoints).values().stream().noneMatch(String::isEmpty);
        return complete ? Optional.of(endpoints) : Optional.empty();
    }
}
