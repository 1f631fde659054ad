package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Key;
import dev.millrace.domain.StreamName;

import java.util.Objects;

/**
 * A key as one subscription sees it.
 *
 * @param subscription by its name in the stream
 */
public record SubscribedKey(StreamName stream, String subscription, Key key) {

    public SubscribedKey {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(key);
    }

    /**
     * Reads {@code stream/subscription/key}, the form that {@link #toString} writes.
     *
     * @throws InvalidValue when the text is not of that form
     */
    public static SubscribedKey parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new InvalidValue("key", "must be stream/subscription/key");
        }
        return new SubscribedKey(new StreamName(parts[0]), parts[1], new Key(parts[2]));
    }

    @Override
    public String toString() {
        return stream + "/" + subscription + "/" + key;
    }
}
