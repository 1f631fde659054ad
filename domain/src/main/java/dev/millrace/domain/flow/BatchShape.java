package dev.millrace.domain.flow;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Of what a batch is made.
 *
 * @param deliveries how many
 * @param entries of the broker that they came in
 * @param ofLargestKey how many of them are of the key that has most; none when no key could be read
 */
public record BatchShape(int deliveries, int entries, int ofLargestKey) {

    private record Entry(int partition, long ledger, long entry) {}

    /** The shape of these deliveries. */
    public static <E> BatchShape of(List<Delivery<E>> batch) {
        Set<Entry> entries = new HashSet<>();
        Map<Key, Integer> keys = new HashMap<>();
        int largest = 0;
        for (Delivery<E> delivery : batch) {
            var position = delivery.position();
            entries.add(new Entry(position.partition(), position.ledger(), position.entry()));
            if (delivery instanceof Delivery.Decoded<E> event) {
                largest = Math.max(largest, keys.merge(event.key(), 1, Integer::sum));
            }
        }
        return new BatchShape(batch.size(), entries.size(), largest);
    }
}
