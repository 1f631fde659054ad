package dev.millrace.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The stack that all tests of a Maven run share.
 *
 * <p>The build of this module starts one in the directory named by the system property {@value
 * #PROPERTY}, which the parent POM passes to every test process, and ends it with Maven. {@link
 * #endpoints()} waits for that one while it is starting. Where there is none, as in an IDE or when
 * one module is tested alone, the first caller starts one there, on new data, and ends it when its
 * own process exits; callers in other processes find and use it meanwhile. Without the property the
 * directory is {@code target/test-stack} below the working directory.
 *
 * <p>Tests share the broker and the database with others, so each makes its own tenant, namespace
 * or topics and its own database, under random names. A test that kills, stops or fills a part
 * starts an {@link EmbeddedStack} of its own instead.
 *
 * <p>Thread-safe.
 */
public final class SharedStack {
    /** Names the directory of the run's stack. */
    public static final String PROPERTY = "millrace.test-stack";

    private static final Duration WAIT = Duration.ofMinutes(4);
    private static final Duration STEP = Duration.ofMillis(200);

    private static Optional<Endpoints> known = Optional.empty();

    private SharedStack() {}

    /**
     * The addresses of the run's stack, which takes requests.
     *
     * @throws StackFailure if there is none and none can be started
     */
    public static synchronized Endpoints endpoints() {
        if (known.isEmpty()) {
            known = Optional.of(findOrStart(directory()));
        }
        return known.get();
    }

    private static Path directory() {
        String configured = System.getProperty(PROPERTY);
        return configured == null ? Path.of("target", "test-stack") : Path.of(configured);
    }

    private static Endpoints findOrStart(Path root) {
        StackDirectory directory = new StackDirectory(root);
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<StackDirectory.Holder> holder = directory.holder();
            Optional<Endpoints> endpoints = directory.endpoints();
            if (holder.isPresent()
                    && holder.get().state() == StackDirectory.State.RUNNING
                    && endpoints.isPresent()) {
                return endpoints.get();
            }
            if (holder.isEmpty()) {
                try {
                    return start(root);
                } catch (AlreadyRunning e) {
                    // Another process was faster, so its stack is the one to wait for.
                }
            }
            Waiting.until(STEP, () -> false);
        }
        throw new StackFailure(
                "the stack in "
                        + directory.root()
                        + " was not ready within "
                        + WAIT.toSeconds()
                        + " s; see its folder logs");
    }

    /** It closes itself when this process exits, so nobody needs to hold on to it. */
    @SuppressWarnings("MustBeClosedChecker")
    private static Endpoints start(Path root) {
        return EmbeddedStack.start(root, StackOptions.defaults().withFreshData()).endpoints();
    }
}
