package dev.millrace.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

final class OpenLoopTest {

    @Test
    void ticks_are_due_at_an_even_rate() {
        var delays = OpenLoop.delays(250);

        assertThat(delays.applyAsLong(0)).isZero();
        assertThat(delays.applyAsLong(1)).isEqualTo(4_000_000);
        assertThat(delays.applyAsLong(1_000_000)).isEqualTo(4_000_000_000_000L);
        assertThatIllegalArgumentException().isThrownBy(() -> OpenLoop.delays(0));
        assertThatIllegalArgumentException().isThrownBy(() -> OpenLoop.delays(Double.NaN));
    }

    @Test
    void a_slow_action_does_not_hold_up_the_next() throws Exception {
        OpenLoop loop = new OpenLoop(1_000, 100);
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
