package dev.millrace.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * A real Pulsar broker and a real PostgreSQL, run by this process as its children.
 *
 * <p>Everything they keep is below one directory, everything they listen on is on 127.0.0.1, and
 * both write durably: what the broker or the database has confirmed survives their death. They stop
 * when the stack is closed, when this process exits and when it is killed.
 *
 * <p>Either part may be killed and started again alone, on its data and under its old address. That
 * a part dies does not end the stack. Signals such as SIGSTOP can be sent to the process ids.
 *
 * <p>Thread-safe; calls wait for each other.
 */
public final class EmbeddedStack implements AutoCloseable {
    private final StackDirectory directory;
    private final Broker broker;
    private final Postgres postgres;
    private final Endpoints endpoints;
    private final Consumer<String> progress;
    private final Thread closeAtExit;
    private boolean closed;

    private EmbeddedStack(
            StackDirectory directory,
            Broker broker,
            Postgres postgres,
            Endpoints endpoints,
            Consumer<String> progress) {
        this.directory = directory;
        this.broker = broker;
        this.postgres = postgres;
        this.endpoints = endpoints;
        this.progress = progress;
        this.closeAtExit = Thread.ofPlatform().name("stack-stop").unstarted(this::shutDown);
    }

    /**
     * Starts both parts and returns when both take requests.
     *
     * @throws StackFailure if a stack is running in the directory already, a port is taken, the
     *     programs are missing, or a part does not start; then nothing is left running
     */
    public static EmbeddedStack start(Path directory, StackOptions options) {
        StackRuntime runtime = StackRuntime.locate();
        StackDirectory place = new StackDirectory(directory);
        requirePlainPath(place.root());
        place.take();
        try {
            return start(place, runtime, options);
        } catch (RuntimeException | Error failure) {
            place.release();
            throw failure;
        }
    }

    private static EmbeddedStack start(
            StackDirectory place, StackRuntime runtime, StackOptions options) {
        boolean kept = Files.exists(place.broker()) && !options.fresh();
        if (options.fresh()) {
            StackFiles.deleteTree(place.broker());
            StackFiles.deleteTree(place.postgres());
            StackFiles.deleteTree(PostgresPlace.homeOfNobody(place));
        }
        StackDirectory.createPrivate(place.postgres());
        options.progress()
                .accept(
                        "starting Pulsar and PostgreSQL on "
                                + (kept ? "the data kept" : "new data")
                                + " in "
                                + place.root());
        Ports ports = new Ports();
        int pulsarPort = ports.claim(options.pulsarPort(), "--pulsar-port");
        int adminPort = ports.claim(options.pulsarAdminPort(), "--pulsar-admin-port");
        int postgresPort = ports.claim(options.postgresPort(), "--postgres-port");
        Broker broker = new Broker(place, runtime, pulsarPort, adminPort, options.brokerSettings());
        Postgres postgres = new Postgres(place, PostgresPlace.choose(place, runtime), postgresPort);
        try {
            startBoth(broker, postgres, options);
            Endpoints endpoints =
                    Endpoints.of(pulsarPort, adminPort, postgresPort, postgres.password());
            EmbeddedStack stack =
                    new EmbeddedStack(place, broker, postgres, endpoints, options.progress());
            Runtime.getRuntime().addShutdownHook(stack.closeAtExit);
            place.publish(endpoints);
            place.say(StackDirectory.State.RUNNING);
            return stack;
        } catch (RuntimeException | Error failure) {
            broker.stop();
            postgres.stop();
            throw failure;
        }
    }

    private static void startBoth(Broker broker, Postgres postgres, StackOptions options) {
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> brokerStart = parallel.submit(() -> timed("Pulsar", broker::start, options));
            Future<?> postgresStart =
                    parallel.submit(() -> timed("PostgreSQL", postgres::start, options));
            await(postgresStart);
            await(brokerStart);
        }
    }

    private static void timed(String name, Runnable start, StackOptions options) {
        long began = System.nanoTime();
        start.run();
        double seconds = (System.nanoTime() - began) / 1e9;
        options.progress()
                .accept(String.format(Locale.ROOT, "%s is ready after %.1f s", name, seconds));
    }

    private static void await(Future<?> start) {
        try {
            start.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StackFailure failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while starting", e);
        }
    }

    /** BookKeeper takes commas in paths for lists, and class paths are split at colons. */
    private static void requirePlainPath(Path root) {
        String path = root.toString();
        if (path.contains(",") || path.contains(":") || path.contains("$")) {
            throw new StackFailure(
                    "the stack's folder must not have a comma, a colon or a dollar sign in its"
                            + " path: "
                            + path);
        }
    }

    /** The addresses, the same for the life of this stack. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** The process id of the broker's JVM. */
    public synchronized long brokerPid() {
        return broker.pid();
    }

    /** The process id of PostgreSQL's postmaster. */
    public synchronized long postgresPid() {
        return postgres.pid();
    }

    /** Whether the broker's process runs; a stopped one (SIGSTOP) does. */
    public synchronized boolean isBrokerAlive() {
        return broker.isAlive();
    }

    /** Whether PostgreSQL's postmaster runs; a stopped one (SIGSTOP) does. */
    public synchronized boolean isPostgresAlive() {
        return postgres.isAlive();
    }

    /** SIGKILL for the broker; returns when it is dead. */
    public synchronized void killBroker() {
        broker.kill();
    }

    /** Starts the broker that was killed; returns when it takes requests. */
    public synchronized void startBroker() {
        requireOpen();
        broker.start();
    }

    /** Stops the broker in order, if it runs, and starts it. */
    public synchronized void restartBroker() {
        requireOpen();
        broker.stop();
        broker.start();
    }

    /** SIGKILL for the postmaster; returns when it and all its children are dead. */
    public synchronized void killPostgres() {
        postgres.kill();
    }

    /** Starts the PostgreSQL that was killed; returns when it takes connections. */
    public synchronized void startPostgres() {
        requireOpen();
        postgres.start();
    }

    /** Stops PostgreSQL in order, if it runs, and starts it. */
    public synchronized void restartPostgres() {
        requireOpen();
        postgres.stop();
        postgres.start();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new StackFailure("this stack is closed");
        }
    }

    /** Stops both parts in order; the data stays. */
    @Override
    public void close() {
        shutDown();
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException e) {
            // The process is exiting, and the hook finds nothing to do.
        }
    }

    private synchronized void shutDown() {
        if (closed) {
            return;
        }
        closed = true;
        progress.accept("stopping Pulsar and PostgreSQL");
        directory.say(StackDirectory.State.STOPPING);
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> brokerStop = parallel.submit(broker::stop);
            Future<?> postgresStop = parallel.submit(postgres::stop);
            await(brokerStop);
            await(postgresStop);
        } finally {
            directory.release();
        }
        progress.accept("stopped; the data is kept");
    }
}
