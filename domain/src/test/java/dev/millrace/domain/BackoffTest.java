package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

final class BackoffTest {

    private static final double ALMOST_ONE = Math.nextDown(1.0);

    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(3));

    @Test
    void the_nominal_delay_doubles_up_to_the_cap() {
        long[] halves = {50, 100, 200, 400, 800, 1_500, 1_500, 1_500};
        for (int i = 0; i < halves.length; i++) {
            assertThat(backoff.delay(i + 1, 0)).isEqualTo(Duration.ofMillis(halves[i]));
        }
    }

    @Test
    void chance_takes_up_to_half_of_the_delay_away() {
        long seed = 20_261_123;
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            int failures = 1 + random.nextInt(40);
            Duration most = backoff.delay(failures, ALMOST_ONE).plusNanos(1);
            assertThat(backoff.delay(failures, random.nextDouble()))
                    .as("seed %s, draw %s", seed, i)
                    .isBetween(most.dividedBy(2), most)
                    .isLessThanOrEqualTo(backoff.cap());
        }
    }

    @Test
    void a_longer_row_of_failures_never_waits_less() {
        for (int failures = 1; failures < 100; failures++) {
            assertThat(backoff.delay(failures + 1, 0.5))
                    .isGreaterThanOrEqualTo(backoff.delay(failures, 0.5));
        }
    }

    @Test
    void no_number_of_failures_overflows() {
        for (int failures : new int[] {64, 1_000, Integer.MAX_VALUE}) {
            assertThat(backoff.delay(failures, 0)).isEqualTo(Duration.ofMillis(1_500));
        }
        Backoff slow = new Backoff(Duration.ofDays(1), Duration.ofDays(365));
        assertThat(slow.delay(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofDays(365).dividedBy(2));
    }

    @Test
    void a_cap_equal_to_the_first_delay_makes_it_constant() {
        Backoff constant = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertThat(constant.delay(1, 0)).isEqualTo(constant.delay(9, 0));
    }

    @Test
    void a_delay_of_nothing_or_a_cap_below_it_is_refused() {
        assertRefused(Duration.ZERO, Duration.ofSeconds(1));
        assertRefused(Duration.ofMillis(-1), Duration.ofSeconds(1));
        assertRefused(Duration.ofSeconds(1), Duration.ofMillis(999));
    }

    private static void assertRefused(Duration first, Duration cap) {
        assertThatThrownBy(() -> new Backoff(first, cap))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("backoff must have a positive first delay and a cap of at least that");
    }
}
