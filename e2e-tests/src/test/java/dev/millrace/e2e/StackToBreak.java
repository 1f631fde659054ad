package dev.millrace.e2e;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;

/**
 * The stack of those tests that kill or stop a side of it. They have it one after the other, by a
 * {@code @ResourceLock}, and leave it whole; it ends with this process.
 */
final class StackToBreak {

    static final String LOCK = "the stack to break";

    private static final Path FOLDER =
            Programs.checkout().resolve("e2e-tests/target/stack-to-break");

    private static @Nullable Stack stack;

    private StackToBreak() {}

    static synchronized Stack get() {
        Stack present = stack;
        if (present == null) {
            present =
                    Stacks.own(
                            FOLDER,
                            Map.of(
                                    "keepAliveIntervalSeconds",
                                    String.valueOf(ShortWaits.KEEP_ALIVE_SECONDS)));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(present::close));
            stack = present;
        }
        return present;
    }
}
