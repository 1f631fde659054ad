package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

final class BreakerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DELAY = Duration.ofSeconds(2);

    private final Breaker.Open open = new Breaker.Closed().failed(NOW, DELAY);

    @Test
    void the_first_failure_opens_it() {
        assertThat(open).isEqualTo(new Breaker.Open(NOW, 1, NOW.plus(DELAY)));
    }

    @Test
    void a_further_failure_counts_and_puts_the_next_probe_off_but_the_outage_began_when_it_began() {
        Instant later = NOW.plusSeconds(2);

        assertThat(open.failed(later, Duration.ofSeconds(4)))
                .isEqualTo(new Breaker.Open(NOW, 2, later.plusSeconds(4)));
    }

    @Test
    void a_probe_is_due_from_its_very_instant_on() {
        assertThat(open.due(NOW.plus(DELAY).minusNanos(1))).isFalse();
        assertThat(open.due(NOW.plus(DELAY))).isTrue();
        assertThat(open.due(NOW.plus(DELAY).plusNanos(1))).isTrue();
    }

    @Test
    void while_a_prober_is_out_no_other_is_due() {
        Instant out = NOW.plus(DELAY);
        Breaker.Open probing = open.probing(out, Duration.ofSeconds(30));

        assertThat(probing.due(out)).isFalse();
        assertThat(probing.due(out.plusSeconds(30))).isTrue();
        assertThat(probing.failures()).isEqualTo(1);
        assertThat(probing.since()).isEqualTo(NOW);
    }

    @Test
    void what_remains_until_the_next_probe_is_never_negative() {
        assertThat(open.remaining(NOW)).isEqualTo(DELAY);
        assertThat(open.remaining(NOW.plus(DELAY))).isZero();
        assertThat(open.remaining(NOW.plusSeconds(60))).isZero();
    }

    @Test
    void an_outage_has_at_least_one_failure() {
        assertThatThrownBy(() -> new Breaker.Open(NOW, 0, NOW))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("failures must be at least 1 in an outage");
    }
}
