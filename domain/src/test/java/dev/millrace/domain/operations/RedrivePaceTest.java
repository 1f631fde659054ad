package dev.millrace.domain.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.InvalidValue;

import org.junit.jupiter.api.Test;

final class RedrivePaceTest {

    @Test
    void a_job_begins_with_one_event_a_second() {
        assertThat(RedrivePace.FIRST.after(new RedriveTally(0, 0, 0, 50), 100))
                .isEqualTo(new RedrivePace.Next.Go(RedrivePace.FIRST, 1));
    }

    @Test
    void the_rate_doubles_when_a_seconds_worth_has_come_out_well_up_to_the_most() {
        RedrivePace pace = RedrivePace.FIRST;
        long retried = 0;
        int[] rates = {2, 4, 8, 10, 10};
        for (int rate : rates) {
            retried += pace.rate();
            RedrivePace next = new RedrivePace(rate, retried, 0);
            assertThat(pace.after(new RedriveTally(retried, retried, 0, 500), 10))
                    .isEqualTo(new RedrivePace.Next.Go(next, rate));
            pace = next;
        }
    }

    @Test
    void a_failure_holds_the_rate_until_a_new_span_begins() {
        RedrivePace pace = new RedrivePace(4, 0, 0);

        assertThat(pace.after(new RedriveTally(8, 7, 1, 500), 100))
                .isEqualTo(new RedrivePace.Next.Go(pace, 4));
        RedrivePace fresh = new RedrivePace(4, 19, 1);
        assertThat(pace.after(new RedriveTally(20, 19, 1, 500), 100))
                .isEqualTo(new RedrivePace.Next.Go(fresh, 4));
        assertThat(fresh.after(new RedriveTally(24, 23, 1, 500), 100))
                .isEqualTo(new RedrivePace.Next.Go(new RedrivePace(8, 23, 1), 8));
    }

    @Test
    void no_more_than_two_seconds_worth_is_under_way() {
        RedrivePace pace = new RedrivePace(4, 10, 0);

        assertThat(pace.after(new RedriveTally(17, 10, 0, 500), 100))
                .isEqualTo(new RedrivePace.Next.Go(pace, 1));
        assertThat(pace.after(new RedriveTally(18, 10, 0, 500), 100))
                .isEqualTo(new RedrivePace.Next.Go(pace, 0));
    }

    @Test
    void it_stops_when_three_and_more_than_a_fifth_of_a_span_have_failed() {
        assertThat(RedrivePace.FIRST.after(new RedriveTally(3, 0, 3, 500), 100))
                .isInstanceOf(RedrivePace.Next.Stop.class);
        assertThat(RedrivePace.FIRST.after(new RedriveTally(2, 0, 2, 500), 100))
                .isInstanceOf(RedrivePace.Next.Go.class);
        RedrivePace fast = new RedrivePace(64, 1_000, 2);
        assertThat(fast.after(new RedriveTally(1_020, 1_012, 5, 500), 100))
                .as("3 of 15")
                .isInstanceOf(RedrivePace.Next.Go.class);
        assertThat(fast.after(new RedriveTally(1_020, 1_011, 5, 500), 100))
                .as("3 of 14, however many went well before")
                .isInstanceOf(RedrivePace.Next.Stop.class);
    }

    @Test
    void it_is_done_when_nothing_is_left_and_nothing_under_way() {
        assertThat(RedrivePace.FIRST.after(new RedriveTally(5, 5, 0, 0), 100))
                .isEqualTo(new RedrivePace.Next.Done());
        assertThat(new RedrivePace(4, 4, 0).after(new RedriveTally(5, 4, 0, 0), 100))
                .isEqualTo(new RedrivePace.Next.Go(new RedrivePace(4, 4, 0), 0));
    }

    @Test
    void a_rate_is_bounded_and_a_tally_counts_what_there_is() {
        assertThatThrownBy(() -> new RedrivePace(0, 0, 0)).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new RedrivePace(1_001, 0, 0)).isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new RedriveTally(1, 1, 1, 0)).isInstanceOf(InvalidValue.class);
    }
}
