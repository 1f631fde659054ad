package dev.millrace.adapters.http.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.InvalidValue;

import io.github.bucket4j.TimeMeter;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Tokens by a clock that the test moves. */
final class CallerBucketsTest {

    private final Clock clock = new Clock();
    private final CallerBuckets buckets = new CallerBuckets(new CallerRate(10, 20, ""), 3, clock);

    private static final class Clock implements TimeMeter {
        private long nanos = 1;

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }

        void advance(Duration time) {
            nanos += time.toNanos();
        }
    }

    private int drain(String caller) {
        int taken = 0;
        while (buckets.take(caller).isZero()) {
            taken++;
        }
        return taken;
    }

    @Test
    void a_burst_is_taken_at_once_and_then_as_much_as_the_rate_gives() {
        assertThat(drain("a")).isEqualTo(20);
        assertThat(buckets.take("a")).isEqualTo(Duration.ofMillis(100));

        clock.advance(Duration.ofMillis(99));
        assertThat(buckets.take("a")).isEqualTo(Duration.ofMillis(1));
        clock.advance(Duration.ofMillis(1));
        assertThat(buckets.take("a")).isZero();

        clock.advance(Duration.ofHours(1));
        assertThat(drain("a")).isEqualTo(20);
    }

    @Test
    void one_that_is_empty_leaves_the_others_full() {
        drain("a");

        assertThat(drain("b")).isEqualTo(20);
    }

    @Test
    void a_flood_of_names_gives_a_caller_nothing_back() {
        drain("a");

        for (int i = 0; i < 1_000; i++) {
            buckets.take("other-" + i);
        }

        assertThat(buckets.take("a")).isPositive();
    }

    @Test
    void while_all_buckets_are_in_use_newcomers_share_one() {
        drain("a");
        drain("b");
        drain("c");

        assertThat(drain("d")).isEqualTo(20);
        assertThat(drain("e")).isZero();

        clock.advance(Duration.ofSeconds(2));
        assertThat(drain("e")).isEqualTo(20);
        assertThat(drain("f")).isEqualTo(20);
    }

    @Test
    void a_rate_that_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> new CallerRate(-1, 1, "")).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new CallerRate(1, 0, "")).isInstanceOf(InvalidValue.class);
    }
}
