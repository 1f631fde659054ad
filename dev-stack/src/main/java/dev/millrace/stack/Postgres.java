package dev.millrace.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The database's processes: makes the data, starts and stops the server. Not thread-safe. */
final class Postgres {
    static final String USER = "millrace";
    static final String DATABASE = "millrace";

    private static final Duration START_BOUND = Duration.ofMinutes(1);
    private static final Duration DEATH_BOUND = Duration.ofSeconds(10);

    /** A little above the sum of what the guard grants before it ends the server by force. */
    private static final Duration STOP_BOUND = Duration.ofSeconds(10);

    private final StackDirectory directory;
    private final PostgresPlace place;
    private final int port;
    private Optional<Child> guard = Optional.empty();
    private Optional<ProcessId> postmaster = Optional.empty();

    Postgres(StackDirectory directory, PostgresPlace place, int port) {
        this.directory = directory;
        this.place = place;
        this.port = port;
    }

    String password() {
        return StackFiles.read(passwordFile()).strip();
    }

    private Path passwordFile() {
        return directory.postgres().resolve("password");
    }

    /** Returns when the server takes connections; makes the data first if there is none. */
    void start() {
        if (isAlive()) {
            throw new StackFailure("PostgreSQL is running already");
        }
        if (!Files.exists(place.data().resolve("PG_VERSION"))) {
            create();
        }
        configure(place.data());
        Path script = directory.postgres().resolve("postgres-guard.sh");
        StackFiles.write(script, StackFiles.resource("postgres-guard.sh"));
        Path reported = directory.postgres().resolve("postmaster");
        StackFiles.deleteIfExists(reported);

        List<String> command =
                new ArrayList<>(List.of("/bin/sh", script.toString(), reported.toString()));
        command.addAll(place.command("postgres", "-D", place.data().toString()));
        Child started = Child.start(command, directory.postgres(), directory.log("postgres.log"));
        guard = Optional.of(started);
        awaitReady(started, reported);
    }

    private void awaitReady(Child started, Path reported) {
        boolean done =
                Waiting.until(
                        START_BOUND,
                        () -> !started.isAlive() || (noticePostmaster(reported) && isReady()));
        if (done && started.isAlive()) {
            return;
        }
        String how =
                started.isAlive()
                        ? "did not get ready within " + START_BOUND.toSeconds() + " s"
                        : "ended with status " + started.exitStatus();
        stop();
        throw new StackFailure(
                "PostgreSQL "
                        + how
                        + "; the end of "
                        + directory.log("postgres.log")
                        + ":\n"
                        + StackFiles.tail(directory.log("postgres.log"), 15));
    }

    private boolean noticePostmaster(Path reported) {
        if (!Files.exists(reported)) {
            return false;
        }
        long pid = Long.parseLong(StackFiles.read(reported).strip());
        postmaster = ProcessHandle.of(pid).map(ProcessId::of);
        postmaster.ifPresent(found -> found.write(directory.postgresPidFile()));
        return postmaster.isPresent();
    }

    /** The server says so in the eighth line of its own process file, which pg_ctl reads, too. */
    private boolean isReady() {
        try {
            List<String> lines = Files.readAllLines(place.data().resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.getFirst().strip().equals(Long.toString(pid()))
                    && lines.get(7).startsWith("ready");
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes the data beside its place and moves it there whole: half a database is none. */
    private void create() {
        Path unfinished = place.home().resolve("data.new");
        StackFiles.deleteTree(unfinished);
        Path log = directory.log("initdb.log");
        List<String> initdb =
                place.command(
                        "initdb",
                        "--pgdata=" + unfinished,
                        "--username=postgres",
                        "--encoding=UTF8",
                        "--locale=C",
                        // Nobody can use this: the file is replaced before the first start.
                        "--auth=trust");
        run("initdb", initdb, "", log);
        configure(unfinished);
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        run(
                "the first set-up of PostgreSQL",
                place.command("postgres", "--single", "-D", unfinished.toString(), "postgres"),
                """
                CREATE ROLE %s LOGIN CREATEDB PASSWORD '%s';
                CREATE DATABASE %s OWNER %s;
                """
                        .formatted(USER, password, DATABASE, USER),
                log);
        StackFiles.writeSecret(passwordFile(), password + "\n");
        try {
            Files.move(unfinished, place.data(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StackFailure("cannot move " + unfinished + " to its place: " + e, e);
        }
    }

    private void run(String what, List<String> command, String input, Path log) {
        int status = Child.run(command, place.home(), input, log);
        // Single-user mode ends well whatever became of its commands, so its words count.
        if (status != 0 || StackFiles.tail(log, 100).contains("ERROR:")) {
            throw new StackFailure(
                    what
                            + " failed with status "
                            + status
                            + "; the end of "
                            + log
                            + ":\n"
                            + StackFiles.tail(log, 15));
        }
    }

    private void configure(Path data) {
        StackFiles.write(
                data.resolve("postgresql.conf"),
                StackFiles.resource("postgresql.conf") + "\nport = " + port + "\n");
        StackFiles.write(data.resolve("pg_hba.conf"), StackFiles.resource("pg_hba.conf"));
    }

    boolean isAlive() {
        return postmaster.flatMap(ProcessId::alive).isPresent();
    }

    long pid() {
        return postmaster.orElseThrow(() -> new StackFailure("PostgreSQL was never started")).pid();
    }

    /**
     * SIGKILL for the postmaster. Its children notice by themselves; until the last one has gone
     * the shared memory is in use and no new server can start on the data.
     */
    void kill() {
        Optional<ProcessHandle> alive = postmaster.flatMap(ProcessId::alive);
        List<ProcessId> processes = new ArrayList<>();
        alive.ifPresent(handle -> processes.add(ProcessId.of(handle)));
        alive.ifPresent(handle -> handle.descendants().map(ProcessId::of).forEach(processes::add));
        alive.ifPresent(ProcessHandle::destroyForcibly);
        for (ProcessId process : processes) {
            if (!process.awaitDeath(DEATH_BOUND)) {
                process.alive().ifPresent(ProcessHandle::destroyForcibly);
                process.awaitDeath(DEATH_BOUND);
            }
        }
        guard.ifPresent(started -> started.stop(STOP_BOUND));
    }

    void stop() {
        guard.ifPresent(started -> started.stop(STOP_BOUND));
        if (isAlive()) {
            kill();
        }
    }
}
