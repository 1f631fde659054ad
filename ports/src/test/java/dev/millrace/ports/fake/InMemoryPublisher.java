package dev.millrace.ports.fake;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.ports.contract.StoredEvent;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A topic in memory, which a test can make refuse or lose what it likes. Thread-safe. */
public final class InMemoryPublisher<E> implements EventPublisher<E> {

    private final List<StoredEvent<E>> topic = new ArrayList<>();
    private final Map<MessageId, Publication> arranged = new HashMap<>();
    private boolean unavailable;

    @Override
    public synchronized List<Publication> publish(List<OutgoingEvent<E>> events) {
        List<Publication> publications = new ArrayList<>(events.size());
        Set<Key> refusedKeys = new HashSet<>();
        for (OutgoingEvent<E> event : events) {
            Publication publication =
                    refusedKeys.contains(event.key()) ? new Publication.Aborted() : fate(event);
            switch (publication) {
                case Publication.Stored(Position position) ->
                        topic.add(new StoredEvent<>(position, event));
                case Publication.NotStored notStored -> refusedKeys.add(event.key());
                case Publication.TooLarge tooLarge -> refusedKeys.add(event.key());
                case Publication.Unknown unknown -> {}
                case Publication.Aborted aborted -> {}
            }
            publications.add(publication);
        }
        return List.copyOf(publications);
    }

    /** What lies in the topic, in order; answered even when the broker is unavailable. */
    public synchronized List<StoredEvent<E>> stored() {
        return List.copyOf(topic);
    }

    /** From now on the event of this message ID meets this fate; an unknown one is not stored. */
    public synchronized void arrange(MessageId messageId, Publication fate) {
        arranged.put(Objects.requireNonNull(messageId), Objects.requireNonNull(fate));
    }

    /** From now on the broker takes nothing. */
    public synchronized void makeUnavailable() {
        unavailable = true;
    }

    /** The broker is back, with all that it had stored. */
    public synchronized void makeAvailable() {
        unavailable = false;
    }

    private Publication fate(OutgoingEvent<E> event) {
        if (unavailable) {
            return new Publication.NotStored("the broker in memory is switched off");
        }
        Publication fate = arranged.get(event.messageId());
        return fate == null ? new Publication.Stored(new Position(1, topic.size(), 0, 0)) : fate;
    }
}
