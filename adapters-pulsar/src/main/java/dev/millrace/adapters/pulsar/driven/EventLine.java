package dev.millrace.adapters.pulsar.driven;

import dev.millrace.domain.Digest;

import org.slf4j.spi.LoggingEventBuilder;

/**
 * A line of the log about one event: enough to find the event, and nothing of what it holds. A key
 * may name a person, so only the first digits of its SHA-256 are told.
 */
final class EventLine {

    private static final int DIGITS = 16;
    private static final int MAX_LENGTH = 200;

    private EventLine() {}

    /** Adds a field, unless it is empty. */
    static LoggingEventBuilder add(LoggingEventBuilder line, String name, String value) {
        return isPrintable(value) ? line.addKeyValue(name, value) : line;
    }

    /** Adds {@code keyDigest}, unless there is no key. */
    static LoggingEventBuilder addKey(LoggingEventBuilder line, String key) {
        return key.isEmpty()
                ? line
                : line.addKeyValue("keyDigest", Digest.of(key).hex().substring(0, DIGITS));
    }

    /** What stands on a copy may be anything, and must not look like a line of its own. */
    private static boolean isPrintable(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_LENGTH
                && value.chars().allMatch(character -> character > ' ' && character < 127);
    }
}
