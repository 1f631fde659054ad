package dev.millrace.bootstrap;

import dev.millrace.bootstrap.service.StopRequest;
import java.util.List;
import sun.misc.Signal;

/**
 * What the operating system says: the first signal asks for an orderly end, the second one ends the process at once.
 */
@SuppressWarnings("sunapi") // A shutdown hook cannot tell a second signal; nothing but this class can.
final class Signals {

    private static final int SIGNALLED = 128;

    private Signals() {}

    static void stopOn(StopRequest stop) {
        for (String name : List.of("TERM", "INT", "HUP")) {
            Signal.handle(
                    new Signal(name),
                    signal -> {
                        if (!stop.ask("signal " + signal.getName())) {
                            Runtime.getRuntime().halt(SIGNALLED + signal.getNumber());
                        }
                    });
        }
    }
}
