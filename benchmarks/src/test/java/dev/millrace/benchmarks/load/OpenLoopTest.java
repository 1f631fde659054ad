package dev.millrace.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

final class OpenLoopTest {

    @Test
    void ticks_are_due_at_an_even_rate() {
        var delays = OpenLoop.delays(250, Duration.ZERO);

        assertThat(delays.applyAsLong(0)).isZero();
        assertThat(delays.applyAsLong(1)).isEqualTo(4_000_000);
        assertThat(delays.applyAsLong(1_000_000)).isEqualTo(4_000_000_000_000L);
        assertThatIllegalArgumentException().isThrownBy(() -> OpenLoop.delays(0, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenLoop.delays(Double.NaN, Duration.ZERO));
    }

    @Test
    void a_ramp_takes_twice_as_long_for_its_events() {
        var delays = OpenLoop.delays(100, Duration.ofSeconds(2));

        assertThat(delays.applyAsLong(0)).isZero();
        assertThat(delays.applyAsLong(25)).isEqualTo(1_000_000_000);
        assertThat(delays.applyAsLong(100)).isEqualTo(2_000_000_000);
        assertThat(delays.applyAsLong(200)).isEqualTo(3_000_000_000L);
    }

    @Test
    void a_slow_action_does_not_hold_up_the_next() throws Exception {
        OpenLoop loop = new OpenLoop(1_000, Duration.ZERO, 100);
        CountDownLatch others = new CountDownLatch(20);
        AtomicLong done = new AtomicLong();
        ConcurrentSkipListMap<Long, Long> intended = new ConcurrentSkipListMap<>();

        loop.run((index, intendedNanos) -> {
            intended.put(index, intendedNanos);
            if (index == 0) {
                others.await();
                loop.stop();
            } else {
                others.countDown();
            }
            done.incrementAndGet();
        });

        assertThat(done.get()).isEqualTo(intended.size()).isGreaterThan(20);
        assertThat(intended.getOrDefault(10L, 0L) - intended.getOrDefault(0L, 0L))
                .isEqualTo(10_000_000);
    }
}
