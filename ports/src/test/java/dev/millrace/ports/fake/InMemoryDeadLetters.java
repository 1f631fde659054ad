package dev.millrace.ports.fake;

import dev.millrace.domain.DeadLetter;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.DeadLetters;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A dead-letter topic in memory. Thread-safe. */
public final class InMemoryDeadLetters implements DeadLetters {

    private final List<DeadLetter> topic = new ArrayList<>();
    private final Set<Long> silent = new HashSet<>();
    private boolean unavailable;

    /** Everything that it has, in its order; answered even when unavailable. */
    public synchronized List<DeadLetter> topic() {
        return List.copyOf(topic);
    }

    /** Whether it takes nothing. */
    public synchronized void unavailable(boolean away) {
        unavailable = away;
    }

    /** The letters of these quarantine IDs are stored, and their receipts are lost. */
    public synchronized void swallowReceipts(Set<Long> quarantineIds) {
        silent.clear();
        silent.addAll(quarantineIds);
    }

    @Override
    public synchronized Set<Long> publish(List<DeadLetter> letters) {
        if (unavailable) {
            throw new Unavailable("the broker in memory is switched off");
        }
        Set<Long> receipts = new HashSet<>();
        for (DeadLetter letter : letters) {
            topic.add(letter);
            if (!silent.contains(letter.quarantineId())) {
                receipts.add(letter.quarantineId());
            }
        }
        if (receipts.isEmpty() && !letters.isEmpty()) {
            throw new Unavailable("no receipt in memory");
        }
        return receipts;
    }
}
