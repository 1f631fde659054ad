package dev.millrace.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.benchmarks.load.LedgerTraffic.Purpose;
import dev.millrace.benchmarks.load.LedgerTraffic.Sample;

import org.junit.jupiter.api.Test;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

final class LedgerTrafficTest {

    private final LedgerTraffic traffic = new LedgerTraffic("run", 50, 7);

    @Test
    void every_purpose_occurs_and_most_events_are_fresh() {
        Map<Purpose, Integer> counts = new EnumMap<>(Purpose.class);
        for (int i = 0; i < 20_000; i++) {
            Sample sample = traffic.next();
            counts.merge(sample.purpose(), 1, Integer::sum);
            traffic.accepted(sample);
        }

        assertThat(counts.keySet()).containsExactlyInAnyOrder(Purpose.values());
        assertThat(counts.get(Purpose.FRESH)).isGreaterThan(17_000);
    }

    @Test
    void a_duplicate_is_an_accepted_event_word_for_word_and_a_conflict_is_not() {
        Map<String, String> accepted = new HashMap<>();
        Set<Purpose> seen = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            Sample sample = traffic.next();
            seen.add(sample.purpose());
            String before = accepted.getOrDefault(sample.messageId(), "");
            switch (sample.purpose()) {
                case DUPLICATE -> assertThat(sample.json()).isEqualTo(before);
                case CONFLICT -> assertThat(sample.json()).isNotEqualTo(before).isNotEmpty();
                case FRESH, OVERDRAFT, OTHER_CURRENCY, INVALID -> assertThat(before).isEmpty();
            }
            if (sample.purpose() == Purpose.FRESH) {
                accepted.put(sample.messageId(), sample.json());
                traffic.accepted(sample);
            }
        }
        assertThat(seen).contains(Purpose.DUPLICATE, Purpose.CONFLICT);
    }
}
