package dev.millrace.bootstrap.status;

import dev.millrace.domain.flow.Bottleneck;
import dev.millrace.domain.flow.Flow;
import dev.millrace.domain.flow.FlowHistory;
import dev.millrace.ports.driving.CheckReadiness;
import dev.millrace.ports.operations.driving.ProcessStatus;
import dev.millrace.ports.operations.driving.ShowStatus;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** How this process fares, renewed once a second. Thread-safe. */
public final class StatusBoard implements ShowStatus {

    /** Between two looks. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(StatusBoard.class);

    /** A bug is not met again at once. */
    private static final Duration AFTER_BUG = Duration.ofSeconds(10);

    private final Identity identity;
    private final CheckReadiness readiness;
    private final FlowWatch watch;
    private final InstantSource clock;
    private volatile ProcessStatus last;

    /**
     * Which process it is.
     *
     * @param instance its name among all processes
     * @param roles in lower case
     */
    public record Identity(String instance, String version, List<String> roles) {
        public Identity {
            Objects.requireNonNull(instance);
            Objects.requireNonNull(version);
            roles = List.copyOf(roles);
        }
    }

    /** Has looked once. */
    public StatusBoard(
            Identity identity, CheckReadiness readiness, FlowWatch watch, InstantSource clock) {
        this.identity = Objects.requireNonNull(identity);
        this.readiness = Objects.requireNonNull(readiness);
        this.watch = Objects.requireNonNull(watch);
        this.clock = Objects.requireNonNull(clock);
        this.last = look();
    }

    @Override
    public ProcessStatus show() {
        return last;
    }

    /** What was seen in the last quarter of an hour. */
    public FlowHistory history() {
        return watch.history();
    }

    /** The last verdict. */
    public Bottleneck bottleneck() {
        return last.bottleneck();
    }

    /** Looks now, and then until it is interrupted. */
    public void run() throws InterruptedException {
        while (true) {
            Thread.sleep(renew());
        }
    }

    /**
     * Looks now.
     *
     * @return when to look again
     */
    public Duration renew() {
        try {
            last = look();
            return INTERVAL;
        } catch (RuntimeException bug) {
            LOG.error("nobody knows how this process fares", bug);
            return AFTER_BUG;
        }
    }

    private ProcessStatus look() {
        Flow flow = watch.look();
        return new ProcessStatus(
                clock.instant(),
                identity.instance(),
                identity.version(),
                identity.roles(),
                readiness.check(),
                flow,
                Bottleneck.of(flow));
    }
}
