package dev.millrace.domain.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Digest;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

final class BatchShapeTest {

    @Test
    void it_counts_entries_and_the_events_of_the_largest_key() {
        List<Delivery<String>> batch =
                List.of(
                        event("a", new Position(1, 7, 0, 0)),
                        event("b", new Position(1, 7, 0, 1)),
                        event("a", new Position(1, 7, 1, 0)),
                        event("c", new Position(2, 7, 0, 0)),
                        new Delivery.Undecodable<>(
                                "m", "a", "leftover bytes", copy(new Position(2, 8, 0, 0))));

        assertThat(BatchShape.of(batch)).isEqualTo(new BatchShape(5, 4, 2));
    }

    @Test
    void an_empty_batch_has_nothing() {
        assertThat(BatchShape.of(List.<Delivery<String>>of())).isEqualTo(new BatchShape(0, 0, 0));
    }

    private static Delivery<String> event(String key, Position position) {
        return new Delivery.Decoded<>(
                new MessageId("m-" + position),
                new Key(key),
                "event",
                new Digest("0".repeat(64)),
                copy(position));
    }

    private static Copy copy(Position position) {
        return new Copy(position, Instant.EPOCH, Payload.copyOf(new byte[] {1}), "", Map.of());
    }
}
