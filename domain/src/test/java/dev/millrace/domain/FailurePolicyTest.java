package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

final class FailurePolicyTest {

    private static final Failure FAULT = new Failure.Fault("Broken", "broke", List.of());

    private final FailurePolicy policy =
            new FailurePolicy(
                    new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5)),
                    5,
                    AfterQuarantine.WAITS);

    @Test
    void an_outage_counts_against_no_event_however_often_it_is_met() {
        for (int before : new int[] {0, 4, 1_000}) {
            assertThat(policy.after(new Failure.Outage("away"), before, 0.5))
                    .isEqualTo(new Fate.Unchanged());
        }
    }

    @Test
    void an_event_at_fault_is_parked_for_twice_as_long_each_time_up_to_the_cap() {
        assertThat(policy.after(FAULT, 0, 0)).isEqualTo(retry(500));
        assertThat(policy.after(FAULT, 1, 0)).isEqualTo(retry(1_000));
        assertThat(policy.after(FAULT, 2, 0)).isEqualTo(retry(2_000));
        assertThat(policy.after(FAULT, 3, 0)).isEqualTo(retry(2_500));
    }

    @Test
    void chance_lengthens_the_delay_up_to_the_nominal_one() {
        assertThat(policy.after(FAULT, 1, 0.5)).isEqualTo(retry(1_500));
        assertThat(policy.after(FAULT, 3, 0.999_999_999))
                .isInstanceOfSatisfying(
                        Fate.Retry.class,
                        retry ->
                                assertThat(retry.delay())
                                        .isBetween(
                                                Duration.ofMillis(4_999), Duration.ofSeconds(5)));
    }

    @Test
    void the_last_attempt_is_followed_by_quarantine() {
        for (int before : new int[] {4, 5, Integer.MAX_VALUE - 1}) {
            assertThat(policy.after(FAULT, before, 0.5))
                    .isEqualTo(new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED));
        }
    }

    @Test
    void what_no_try_can_mend_goes_to_quarantine_at_once() {
        assertThat(policy.after(new Failure.Permanent(Reason.UNDECODABLE), 0, 0.5))
                .isEqualTo(new Fate.Quarantine(Reason.UNDECODABLE));
    }

    @Test
    void a_policy_without_a_retry_is_refused() {
        assertThatThrownBy(() ->
                        new FailurePolicy(
                                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5)),
                                1,
                                AfterQuarantine.GOES_ON))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("maxAttempts must be at least 2: a try and a retry");
    }

    private static Fate retry(long millis) {
        return new Fate.Retry(Duration.ofMillis(millis));
    }
}
