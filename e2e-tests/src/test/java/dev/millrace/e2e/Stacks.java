package dev.millrace.e2e;

import dev.millrace.stack.Endpoints;
import dev.millrace.stack.SharedStack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where the scenarios find a broker and a database: as processes of this machine or as containers.
 * {@code -De2e.stack=embedded} or {@code containers} says which. When nobody does, they are
 * processes, wherever the build has left the programs for them: the same command tests the same
 * thing, whether or not a container engine happens to run. Thread-safe.
 */
enum Stacks {
    EMBEDDED {
        @Override
        Endpoints sharedEndpoints() {
            return SharedStack.endpoints();
        }

        @Override
        Stack startOwn(Path folder, Map<String, String> brokerSettings) {
            return ProcessStack.start(folder, brokerSettings);
        }
    },
    CONTAINERS {
        @Override
        Endpoints sharedEndpoints() {
            return SharedContainers.STACK.endpoints();
        }

        @Override
        Stack startOwn(Path folder, Map<String, String> brokerSettings) {
            return ContainerStack.start(brokerSettings);
        }
    };

    private static final String PROPERTY = "e2e.stack";
    private static final String EMBEDDED_PROGRAMS = "dev-stack/target/stack";
    private static final Stacks CHOSEN = choose(System.getProperty(PROPERTY, ""));

    /** Those that all tests share, once one of them has asked; they end with this process. */
    private static final class SharedContainers {
        static final Stack STACK = startOne();

        private static Stack startOne() {
            Stack stack = ContainerStack.start(Map.of());
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(stack::close));
            return stack;
        }
    }

    /**
     * The stack that all tests share, each in a namespace and a database of its own.
     *
     * @throws RuntimeException when it cannot be had; the words say why
     */
    static Endpoints shared() {
        return CHOSEN.sharedEndpoints();
    }

    /** A stack for one test alone, which may do harm to it. */
    static Stack own(Path folder) {
        return own(folder, Map.of());
    }

    /**
     * The same.
     *
     * @param brokerSettings by the names of {@code broker.conf}
     */
    static Stack own(Path folder, Map<String, String> brokerSettings) {
        return CHOSEN.startOwn(folder, brokerSettings);
    }

    abstract Endpoints sharedEndpoints();

    abstract Stack startOwn(Path folder, Map<String, String> brokerSettings);

    private static Stacks choose(String wished) {
        if (wished.isEmpty()) {
            boolean built = Files.exists(Programs.checkout().resolve(EMBEDDED_PROGRAMS));
            System.out.println(
                    "stack: "
                            + (built
                                    ? "embedded, as its programs are"
                                    : "containers, as no embedded programs are")
                            + " in "
                            + EMBEDDED_PROGRAMS
                            + "; -D"
                            + PROPERTY
                            + " chooses");
            return built ? EMBEDDED : CONTAINERS;
        }
        for (Stacks stacks : values()) {
            if (stacks.name().toLowerCase(Locale.ROOT).equals(wished)) {
                System.out.println("stack: " + wished + ", as -D" + PROPERTY + " says");
                return stacks;
            }
        }
        throw new IllegalArgumentException(
                "-D" + PROPERTY + " must be embedded or containers, not " + wished);
    }
}
