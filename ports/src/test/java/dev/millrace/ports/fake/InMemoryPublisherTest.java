package dev.millrace.ports.fake;

import dev.millrace.ports.contract.EventPublisherContract;
import dev.millrace.ports.contract.StoredEvent;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.driven.EventPublisher;

import java.util.List;

final class InMemoryPublisherTest implements EventPublisherContract {

    private final InMemoryPublisher<CountEvent> publisher = new InMemoryPublisher<>();

    @Override
    public EventPublisher<CountEvent> publisher() {
        return publisher;
    }

    @Override
    public List<StoredEvent<CountEvent>> stored(int atLeast) {
        return publisher.stored();
    }

    @Override
    public void makeUnavailable() {
        publisher.makeUnavailable();
    }

    @Override
    public void makeAvailable() {
        publisher.makeAvailable();
    }
}
