package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Acknowledged.Entry;
import dev.millrace.domain.Acknowledged.Range;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

final class AcknowledgedTest {

    @Test
    void a_range_is_without_its_lower_end_and_with_its_upper_one() {
        Acknowledged acknowledged =
                new Acknowledged(
                        List.of(
                                new Range(0, Entry.BEFORE_ALL, new Entry(5, 9)),
                                new Range(0, new Entry(5, 11), new Entry(6, 1)),
                                new Range(2, Entry.BEFORE_ALL, new Entry(5, -1))));

        assertThat(acknowledged.contains(new Position(4, 99, 0, 3))).isTrue();
        assertThat(acknowledged.contains(new Position(5, 9, 0, 0))).isTrue();
        assertThat(acknowledged.contains(new Position(5, 10, 0, 0))).isFalse();
        assertThat(acknowledged.contains(new Position(5, 11, 0, 0))).isFalse();
        assertThat(acknowledged.contains(new Position(5, 12, 0, 7))).isTrue();
        assertThat(acknowledged.contains(new Position(6, 1, 0, 0))).isTrue();
        assertThat(acknowledged.contains(new Position(6, 2, 0, 0))).isFalse();
        assertThat(acknowledged.contains(new Position(5, 0, 1, 0))).isFalse();
        assertThat(acknowledged.contains(new Position(5, 0, 2, 0))).isFalse();
        assertThat(acknowledged.contains(new Position(4, 0, 2, 0))).isTrue();
    }

    @Test
    void a_period_begins_before_it_ends() {
        assertThat(Period.ALL.isOpen()).isTrue();
        assertThat(new Period(Instant.EPOCH, Instant.EPOCH.plusMillis(1)).isOpen()).isFalse();
        assertThatThrownBy(() -> new Period(Instant.EPOCH, Instant.EPOCH))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("to must be later than from");
        assertThatThrownBy(() -> new Period(Instant.EPOCH.minusMillis(1), Instant.MAX))
                .isInstanceOf(InvalidValue.class);
    }
}
