package dev.millrace.domain;

import java.time.Instant;
import java.util.Objects;

/**
 * That a copy lies in the topic, without what it says.
 *
 * @param position where it lies
 * @param messageId as found on the copy; empty when there is none
 * @param publishedAt when its producer published it, by that producer's clock
 */
public record TopicCopy(Position position, String messageId, Instant publishedAt) {

    public TopicCopy {
        Objects.requireNonNull(position);
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(publishedAt);
    }
}
