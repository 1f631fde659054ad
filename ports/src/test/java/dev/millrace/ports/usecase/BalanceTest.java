package dev.millrace.ports.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Position;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

final class BalanceTest {

    private final Balance balance = new Balance();

    @Test
    void the_same_set_in_another_order_is_even() {
        IntStream.range(0, 10_000).forEach(i -> balance.add("m" + i, position(i)));
        IntStream.range(0, 10_000)
                .forEach(i -> balance.subtract("m" + (9_999 - i), position(9_999 - i)));

        assertThat(balance.isEven()).isTrue();
    }

    @Test
    void what_is_in_one_set_only_is_suspect_and_few_others_are() {
        IntStream.range(0, 10_000).forEach(i -> balance.add("m" + i, position(i)));
        IntStream.range(1, 10_000).forEach(i -> balance.subtract("m" + i, position(i)));
        balance.subtract("ghost", position(0));

        assertThat(balance.isEven()).isFalse();
        assertThat(balance.isSuspect("m0")).isTrue();
        assertThat(balance.isSuspect("ghost")).isTrue();
        assertThat(IntStream.range(1, 10_000).filter(i -> balance.isSuspect("m" + i)).count())
                .isLessThan(10);
    }

    @Test
    void every_part_of_a_position_counts() {
        for (Position other :
                new Position[] {
                    new Position(2, 2, 3, 4),
                    new Position(1, 3, 3, 4),
                    new Position(1, 2, 4, 4),
                    new Position(1, 2, 3, 5),
                    new Position(2, 1, 3, 4)
                }) {
            Balance one = new Balance();
            one.add("m", new Position(1, 2, 3, 4));
            one.subtract("m", other);
            assertThat(one.isSuspect("m")).as(other.toString()).isTrue();
        }
    }

    private static Position position(int i) {
        return new Position(7, i / 10, i % 4, i % 10);
    }
}
