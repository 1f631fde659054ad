package dev.millrace.ports.usecase;

import dev.millrace.domain.Backoff;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.OutboxLoad;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.DeadLetters;
import dev.millrace.ports.driven.Outbox;
import dev.millrace.ports.driving.RelayDeadLetters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * Publishes the entries into one subscription's quarantine, at least once, and those of one key in
 * order: a letter is handed to the broker only when it has confirmed every earlier one of its key.
 * So each letter's first appearance is in order whatever becomes of this process: another that has
 * taken the turn over begins with what is not confirmed, and what a suspended one still sends is a
 * repeat. One process at a time has the turn, so that repeats are rare. Used by one thread; what it
 * says of itself may be asked by any.
 */
public final class DeadLetterRelaying implements RelayDeadLetters {

    private final Outbox outbox;
    private final DeadLetters deadLetters;
    private final String owner;
    private final Pace pace;
    private final DoubleSupplier random;
    private int outages;
    private volatile OutboxLoad load = OutboxLoad.NONE;
    private volatile Optional<String> trouble = Optional.empty();

    /**
     * How fast entries are published.
     *
     * @param interval between two looks when none is to be published
     * @param term how long a turn lasts without a sign of life
     * @param afterOutage between two looks while the database or the broker is away
     * @param letters how many are read at once at most
     */
    public record Pace(Duration interval, Duration term, Backoff afterOutage, int letters) {
        public Pace {
            Objects.requireNonNull(interval);
            Objects.requireNonNull(afterOutage);
            if (term.compareTo(interval) <= 0) {
                throw new InvalidValue("term", "must be longer than the interval");
            }
        }
    }

    /**
     * Relays for one subscription.
     *
     * @param owner of the turns: this process, told apart from every other, living or dead
     * @param random from 0 to below 1, for the jitter after an outage
     */
    public DeadLetterRelaying(
            Outbox outbox,
            DeadLetters deadLetters,
            String owner,
            Pace pace,
            DoubleSupplier random) {
        this.outbox = Objects.requireNonNull(outbox);
        this.deadLetters = Objects.requireNonNull(deadLetters);
        this.owner = Objects.requireNonNull(owner);
        this.pace = Objects.requireNonNull(pace);
        this.random = Objects.requireNonNull(random);
    }

    /** How much was still to be published at the last look. */
    public OutboxLoad load() {
        return load;
    }

    /** Why it pauses; empty when it does not. */
    public Optional<String> trouble() {
        return trouble;
    }

    @Override
    public Duration relay() {
        try {
            load = outbox.load();
            boolean more = load.events() > 0 && relayTurn();
            outages = 0;
            trouble = Optional.empty();
            return more ? Duration.ZERO : pace.interval();
        } catch (Unavailable outage) {
            outages++;
            trouble = Optional.of(String.valueOf(outage.getMessage()));
            return pace.afterOutage().delay(outages, random.getAsDouble());
        }
    }

    /** Whether there may be more to publish at once. */
    private boolean relayTurn() {
        Optional<Outbox.Turn> turn = outbox.take(owner, pace.term(), pace.letters());
        if (turn.isEmpty()) {
            return false;
        }
        for (List<DeadLetter> round : rounds(turn.get().letters())) {
            if (!relayRound(turn.get().fence(), round)) {
                return false;
            }
        }
        return !turn.get().letters().isEmpty();
    }

    /** Whether it is still our turn. */
    private boolean relayRound(long fence, List<DeadLetter> round) {
        Set<Long> published = deadLetters.publish(round);
        boolean ours = outbox.confirm(fence, published, pace.term());
        if (published.size() < round.size()) {
            throw new Unavailable(
                    round.size()
                            - published.size()
                            + " of "
                            + round.size()
                            + " dead letters have no receipt");
        }
        return ours;
    }

    /** The n-th letters of all keys are the n-th round; those without a key have no order. */
    private static List<List<DeadLetter>> rounds(List<DeadLetter> letters) {
        Map<String, Integer> seen = new HashMap<>();
        List<List<DeadLetter>> rounds = new ArrayList<>();
        for (DeadLetter letter : letters) {
            int round = letter.key().isEmpty() ? 0 : seen.merge(letter.key(), 1, Integer::sum) - 1;
            if (round == rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(letter);
        }
        return rounds;
    }
}
