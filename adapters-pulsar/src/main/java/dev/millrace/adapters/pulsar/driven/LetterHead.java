package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.WireNames;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.SubscriptionId;

import java.util.HashMap;
import java.util.Map;

/**
 * What a dead letter has beside its bytes: our own properties first, which nobody who wrote the
 * copy can forge, then its key, its newest attempts, and the properties that it came with. The
 * broker takes no message whose head alone is too large, and such a letter would hold up its key
 * for ever: so what finds no room is left out, and how much that is stands on the letter.
 */
final class LetterHead {

    /** Characters of names and values; a broker takes 5 MiB, of at most three bytes each. */
    static final int MAX_LENGTH = 128 << 10;

    private final Map<String, String> properties = new HashMap<>();
    private String key = "";
    private int room = MAX_LENGTH;
    private int leftOut;

    LetterHead(SubscriptionId subscription, DeadLetter letter) {
        add(WireNames.QUARANTINE_ID, Long.toString(letter.quarantineId()));
        add(WireNames.SUBSCRIPTION, subscription.toString());
        add(WireNames.POSITION, letter.copy().position().toString());
        add(WireNames.SCHEMA_VERSION, letter.copy().schemaVersion());
        add(WireNames.REASON, letter.reason().value());
        add(WireNames.ATTEMPTS, Integer.toString(letter.attempts().size()));
        add(WireNames.TRACE_ID, letter.copy().traceId());
        if (!letter.messageId().isEmpty()) {
            add(WireNames.MESSAGE_ID, letter.messageId());
        }
        if (fits(letter.key())) {
            key = letter.key();
        }
        letter.attempts().reversed().forEach(this::add);
        letter.copy().properties().forEach(this::addForeign);
        if (leftOut > 0) {
            properties.put(WireNames.LEFT_OUT, Integer.toString(leftOut));
        }
    }

    private void add(FailedAttempt attempt) {
        String name = WireNames.ATTEMPT + attempt.number();
        add(name + "-at", attempt.at().toString());
        add(name + "-exception", attempt.fault().type());
        add(name + "-message", attempt.fault().message());
        add(name + "-frames", String.join("\n", attempt.fault().frames()));
    }

    private void addForeign(String name, String value) {
        boolean ours =
                properties.containsKey(name)
                        || name.equals(WireNames.LEFT_OUT)
                        || name.startsWith(WireNames.ATTEMPT);
        if (!ours) {
            add(name, value);
        }
    }

    private void add(String name, String value) {
        if (fits(name + value)) {
            properties.put(name, value);
        }
    }

    private boolean fits(String text) {
        if (text.length() > room) {
            leftOut++;
            return false;
        }
        room -= text.length();
        return true;
    }

    /** Empty when there is none, or none that fits. */
    String key() {
        return key;
    }

    Map<String, String> properties() {
        return Map.copyOf(properties);
    }
}
