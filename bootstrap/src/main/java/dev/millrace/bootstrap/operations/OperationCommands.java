package dev.millrace.bootstrap.operations;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** All commands of this package. */
public final class OperationCommands {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private OperationCommands() {}

    /**
     * The commands for a process with this environment, which says where the service is and who its
     * user is.
     */
    public static List<Object> of(Map<String, String> environment) {
        return of(environment, INTERVAL);
    }

    /**
     * @param interval between two looks at a job, and at a status that is watched
     */
    static List<Object> of(Map<String, String> environment, Duration interval) {
        JobWatch watch = new JobWatch(interval);
        return List.of(
                new StatusCommand(environment, interval),
                new TraceCommand(environment),
                new QuarantineCommand(environment, watch),
                new ParkedCommand(environment),
                new LanesCommand(environment),
                new RedriveCommand(environment, watch),
                new ReplayCommand(environment, watch),
                new AuditCommand(environment),
                new AuditLogCommand(environment));
    }
}
