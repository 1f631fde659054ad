package dev.millrace.ports.fake;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.contract.TopicLogContract;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.TopicLog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

final class InMemoryTopicLogTest implements TopicLogContract {

    private final InMemoryTopicLog log = new InMemoryTopicLog();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private int published;

    @Override
    public TopicLog log() {
        return log;
    }

    @Override
    public SubscriptionId subscription() {
        return new SubscriptionId(
                new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    }

    @Override
    public List<Position> publish(List<String> messageIds) {
        now = now.plusSeconds(1);
        List<Position> positions = new ArrayList<>();
        for (String messageId : messageIds) {
            positions.add(log.add(published % 2, messageId, now));
            published++;
        }
        return positions;
    }

    @Override
    public void acknowledge(Position position) {
        log.acknowledge(position);
    }

    @Override
    public void makeUnavailable() {
        log.makeUnavailable();
    }

    @Override
    public void makeAvailable() {
        log.makeAvailable();
    }
}
