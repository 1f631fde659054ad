package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.ports.driven.TopicLog;
import dev.millrace.ports.operations.driven.Playback;
import dev.millrace.ports.operations.driving.LocateCopy;

import java.util.Objects;
import java.util.Optional;

/** Reads one copy of a topic once more, for whoever asks what lies there. Thread-safe. */
public final class CopyLocating<E> implements LocateCopy {

    private final SubscriptionId subscription;
    private final TopicLog topic;
    private final Playback<E> playback;

    /** Reads the topic of this subscription. */
    public CopyLocating(SubscriptionId subscription, TopicLog topic, Playback<E> playback) {
        this.subscription = Objects.requireNonNull(subscription);
        this.topic = Objects.requireNonNull(topic);
        this.playback = Objects.requireNonNull(playback);
    }

    @Override
    public Optional<TopicCopy> locate(Position position) {
        Position behind =
                new Position(
                        position.ledger(),
                        position.entry(),
                        position.partition(),
                        position.batchIndex() + 1);
        ReplayScope place =
                new ReplayScope(
                        new ReplayBoundary.Place(position), new ReplayBoundary.Place(behind));
        return topic.spans(subscription, place).stream()
                .flatMap(span -> playback.read(span, 1).copies().stream())
                .filter(delivery -> delivery.position().equals(position))
                .map(CopyLocating::copy)
                .findFirst();
    }

    private static TopicCopy copy(Delivery<?> delivery) {
        String messageId =
                switch (delivery) {
                    case Delivery.Decoded<?> event -> event.messageId().value();
                    case Delivery.Undecodable<?> raw -> raw.messageId();
                };
        return new TopicCopy(delivery.position(), messageId, delivery.copy().publishedAt());
    }
}
