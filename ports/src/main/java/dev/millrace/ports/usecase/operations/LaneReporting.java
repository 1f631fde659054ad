package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driving.CheckPause;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.operations.driven.LaneBoard;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells the board what the lanes of one subscription in this process do, and keeps in mind what
 * people want of them. While the board is away, what they wanted last stands. Thread-safe.
 */
public final class LaneReporting implements CheckPause {

    /** So often a lane that pauses looks whether it may go on; asking costs nothing. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final LaneBoard board;
    private final SubscriptionName subscription;
    private final String process;
    private volatile Optional<LanePause> pause = Optional.empty();
    private boolean ended;

    /**
     * @param process the name of this process, which no other one has
     */
    public LaneReporting(LaneBoard board, SubscriptionName subscription, String process) {
        this.board = Objects.requireNonNull(board);
        this.subscription = Objects.requireNonNull(subscription);
        this.process = Objects.requireNonNull(process);
    }

    /**
     * Learns whether the lanes are to pause; to be called before they start.
     *
     * @throws Unavailable when the board is away
     */
    public synchronized void learn() {
        pause = board.report(subscription, process, List.of());
    }

    /** Tells what the lanes do, and learns what they are to do. */
    public synchronized void report(List<LaneReport> lanes) {
        if (!ended) {
            try {
                pause = board.report(subscription, process, lanes);
            } catch (Unavailable _) {
                // What is known stands; the outage is the breaker's matter.
            }
        }
    }

    /** The lanes have ended: nothing more is told of them. */
    public synchronized void end() {
        ended = true;
        try {
            board.leave(subscription, process);
        } catch (Unavailable _) {
            // Its silence will tell.
        }
    }

    /** On whose account the lanes are to pause; empty when they are to run. */
    public Optional<LanePause> pause() {
        return pause;
    }

    @Override
    public Optional<Instruction.Hold> check() {
        return pause.map(wish -> new Instruction.Hold(LOOK, wish.toString()));
    }
}
