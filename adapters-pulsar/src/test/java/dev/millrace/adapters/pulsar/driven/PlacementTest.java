package dev.millrace.adapters.pulsar.driven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Key;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

final class PlacementTest {

    /**
     * Where the events of a live topic lie: a change of these would break the order of its keys.
     */
    @Test
    void a_key_stays_where_it_has_always_been() {
        assertThat(Placement.of(new Key("576"), 4, 4)).isEqualTo(new Placement(3, 2));
        assertThat(Placement.of(new Key("account-1"), 4, 4)).isEqualTo(new Placement(1, 0));
        assertThat(Placement.of(new Key("~"), 7, 3)).isEqualTo(new Placement(1, 0));
    }

    @Test
    void a_bucket_is_named_after_its_partition_and_itself() {
        assertThat(new String(new Placement(3, 12).orderingKey(), StandardCharsets.US_ASCII))
                .isEqualTo("3-12");
    }

    @Test
    void keys_spread_evenly_over_all_buckets_of_all_partitions() {
        Map<Placement, Integer> keys = new HashMap<>();
        for (int i = 0; i < 16_000; i++) {
            keys.merge(Placement.of(new Key("account-" + i), 4, 4), 1, Integer::sum);
        }
        assertThat(keys).hasSize(16);
        assertThat(keys.values()).allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
    }
}
