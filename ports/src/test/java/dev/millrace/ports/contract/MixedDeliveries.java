package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.counter.CountEvent;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A random history of deliveries: fresh ones, duplicates, conflicts, redeliveries and undecodable
 * ones on few keys.
 */
final class MixedDeliveries {

    private final Random random;
    private final List<Delivery<CountEvent>> delivered = new ArrayList<>();
    private final List<Delivery.Decoded<CountEvent>> readable = new ArrayList<>();
    private int position;

    MixedDeliveries(Random random) {
        this.random = random;
    }

    List<Delivery<CountEvent>> next(int size) {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Delivery<CountEvent> delivery = next();
            delivered.add(delivery);
            batch.add(delivery);
            if (delivery instanceof Delivery.Decoded<CountEvent> event) {
                readable.add(event);
            }
        }
        return batch;
    }

    private Delivery<CountEvent> next() {
        int dice = readable.isEmpty() ? 0 : random.nextInt(100);
        if (dice < 55) {
            return delivery("m" + position, event(), position++);
        }
        if (dice < 70) {
            Delivery.Decoded<CountEvent> earlier = any(readable);
            return delivery(earlier.messageId().value(), earlier.event(), position++);
        }
        if (dice < 80) {
            return delivery(any(readable).messageId().value(), event(), position++);
        }
        if (dice < 95) {
            return any(delivered);
        }
        return undecodable(random.nextBoolean() ? "" : "u" + position, "", position++);
    }

    private CountEvent event() {
        return add("k" + random.nextInt(40), 1 + random.nextInt(200));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    Set<Key> keys() {
        Set<Key> keys = new HashSet<>();
        readable.forEach(delivery -> keys.add(delivery.key()));
        return keys;
    }

    Set<MessageId> messageIds() {
        Set<MessageId> messageIds = new HashSet<>();
        readable.forEach(delivery -> messageIds.add(delivery.messageId()));
        return messageIds;
    }
}
