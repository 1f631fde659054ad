package dev.millrace.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses and checks the ports of one stack. */
final class Ports {
    /**
     * Below the range from which systems take the ports of outgoing connections. A port out of that
     * range could be taken while its server is down, even by a client that is trying to reach it.
     */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private final Set<Integer> given = new HashSet<>();

    /** The wanted port if it can be listened on, or a free one if 0 is wanted. */
    int claim(int wanted, String option) {
        if (wanted != 0) {
            if (!given.add(wanted)) {
                throw new StackFailure(
                        "port "
                                + wanted
                                + " ("
                                + option
                                + ") is asked for twice; give each part its own, or 0 for a free"
                                + " one");
            }
            requireFree(wanted, option);
            return wanted;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (!given.contains(candidate) && isFree(candidate)) {
                given.add(candidate);
                return candidate;
            }
        }
        throw new StackFailure(
                "no free port between " + LOWEST + " and " + HIGHEST + "; give one with " + option);
    }

    static void requireFree(int port, String option) {
        if (!isFree(port)) {
            throw new StackFailure(
                    "port "
                            + port
                            + " ("
                            + option
                            + ") is taken by another process; end that process or choose another"
                            + " port, 0 for a free one");
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
