package dev.millrace.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What Java cannot send itself. */
enum Signal {
    /** The process stands still until {@link #CONT}; its connections stay open, and silent. */
    STOP,
    CONT;

    void send(long pid) {
        try {
            int status =
                    new ProcessBuilder("kill", "-" + name(), Long.toString(pid))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IllegalStateException(this + " was not sent to " + pid);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
