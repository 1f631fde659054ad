package dev.millrace.bootstrap.operations;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Follows a job to its end, and says at each step that moved how far it is. A service that is away
 * meanwhile is asked again for a while: the job survives it.
 */
final class JobWatch {

    private static final int PATIENCE = 30;

    private final Duration interval;

    JobWatch(Duration interval) {
        this.interval = Objects.requireNonNull(interval);
    }

    /** One kind of jobs. */
    interface Kind {

        /** What one is called, as the command is. */
        String name();

        /** Where all of them are. */
        String path();

        /** How far one is, in a line. */
        String progress(JsonNode job);

        /** Prints the end of one; answers the exit code. */
        int end(Target target, JsonNode job);
    }

    /** Prints the end; answers the exit code. */
    int follow(Management management, Target target, Kind kind, String id) {
        target.err()
                .println(
                        kind.name().substring(0, 1).toUpperCase(Locale.ROOT)
                                + kind.name().substring(1)
                                + " "
                                + id
                                + " runs in the service; Ctrl-C leaves it running, millrace "
                                + kind.name()
                                + " cancel "
                                + id
                                + " ends it.");
        String told = "";
        int failures = 0;
        while (true) {
            try {
                JsonNode job = management.get(kind.path() + "/" + id, Map.of());
                failures = 0;
                String progress = kind.progress(job);
                if (!progress.equals(told)) {
                    told = progress;
                    target.err().println(progress);
                }
                if (!Screen.text(job.path("state")).equals("running")) {
                    return kind.end(target, job);
                }
            } catch (OperationFailure away) {
                failures++;
                if (away.exitCode() != ExitCodes.NOT_REACHABLE || failures > PATIENCE) {
                    throw away;
                }
                target.err().println(away.getMessage() + " Trying again.");
            }
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(interval);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw OperationFailure.refused("Interrupted; the job goes on in the service.");
        }
    }
}
