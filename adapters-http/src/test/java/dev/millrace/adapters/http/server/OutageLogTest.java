package dev.millrace.adapters.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class OutageLogTest {

    private long now = Long.MAX_VALUE - 1;
    private final OutageLog log = new OutageLog(() -> now);

    @Test
    void the_first_refusal_is_told_at_once_and_the_rest_once_a_minute() {
        assertThat(log.count()).isEqualTo(1);
        assertThat(log.count()).isZero();
        now += Duration.ofSeconds(59).toNanos();
        assertThat(log.count()).isZero();
        now += Duration.ofSeconds(1).toNanos();
        assertThat(log.count()).isEqualTo(3);
        assertThat(log.count()).isZero();
    }
}
