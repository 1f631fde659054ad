package dev.millrace.domain.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Difference;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

final class ReplayScopeTest {

    private static final Position PLACE = new Position(4, 17, 2, 0);

    @Test
    void a_boundary_is_a_time_a_position_or_open_and_reads_its_own_text() {
        ReplayBoundary time = new ReplayBoundary.Time(Instant.parse("2026-03-01T12:00:00.123456Z"));
        assertThat(ReplayBoundary.parse("from", "")).isEqualTo(new ReplayBoundary.Open());
        assertThat(ReplayBoundary.parse("from", "2026-03-01T13:00:00.123456+01:00"))
                .isEqualTo(time);
        assertThat(ReplayBoundary.parse("from", time.toString())).isEqualTo(time);
        assertThat(ReplayBoundary.parse("from", "4:17:2:0"))
                .isEqualTo(new ReplayBoundary.Place(PLACE))
                .hasToString("4:17:2:0");
    }

    @Test
    void another_text_is_no_boundary() {
        for (String text : List.of("yesterday", "4:17:2", "4:17:-2:0", "2026-03-01", "-", "1")) {
            assertThatThrownBy(() -> ReplayBoundary.parse("from", text))
                    .as(text)
                    .isInstanceOf(InvalidValue.class)
                    .hasMessageContaining("from must be a time");
        }
    }

    @Test
    void a_scope_that_surely_holds_nothing_is_refused() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        assertThatThrownBy(() ->
                        new ReplayScope(
                                new ReplayBoundary.Time(noon), new ReplayBoundary.Time(noon)))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() ->
                        new ReplayScope(
                                new ReplayBoundary.Place(PLACE), new ReplayBoundary.Place(PLACE)))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() ->
                        new ReplayScope(
                                new ReplayBoundary.Place(PLACE),
                                new ReplayBoundary.Place(new Position(9, 9, 3, 0))))
                .isInstanceOf(InvalidValue.class);
        assertThat(ReplayScope.ALL.partition()).isEmpty();
        assertThat(
                        new ReplayScope(
                                        new ReplayBoundary.Time(noon),
                                        new ReplayBoundary.Place(PLACE))
                                .partition())
                .hasValue(2);
    }

    @Test
    void out_of_order_is_for_filling_alone_and_a_rate_has_bounds() {
        SubscriptionId subscription =
                new SubscriptionId(
                        new Tenant("t"), new Namespace("n"), new StreamName("s"), "name");
        assertThatThrownBy(() ->
                        new ReplayPlan(subscription, ReplayScope.ALL, ReplayMode.VERIFY, true, 1))
                .isInstanceOf(InvalidValue.class);
        for (int rate : new int[] {0, ReplayPlan.MAX_RATE + 1}) {
            assertThatThrownBy(() ->
                            new ReplayPlan(
                                    subscription,
                                    ReplayScope.ALL,
                                    ReplayMode.FILL_GAPS,
                                    false,
                                    rate))
                    .isInstanceOf(InvalidValue.class);
        }
    }

    @Test
    void a_span_is_walked_through_copy_by_copy_to_its_end() {
        ReplaySpan span = new ReplaySpan(PLACE, new Position(5, 0, 2, 0));
        assertThat(span.contains(PLACE)).isTrue();
        assertThat(span.behind(PLACE).contains(PLACE)).isFalse();
        assertThat(span.behind(PLACE).contains(new Position(4, 17, 2, 1))).isTrue();
        assertThat(span.contains(new Position(5, 0, 2, 0))).isFalse();
        assertThat(span.isDone()).isFalse();
        assertThat(span.done().isDone()).isTrue();
        assertThat(new ReplaySpan(new Position(6, 0, 2, 0), span.until()).isDone()).isTrue();
    }

    @Test
    void a_lost_copy_is_a_gap_or_overtaken_and_what_was_filled_is_no_difference() {
        Difference lost = new Difference(Difference.Kind.LOST, PLACE, "m", "no table knows of it");
        assertThat(ReplayFinding.of(lost, "k", false).kind()).isEqualTo(ReplayFinding.Kind.GAP);
        assertThat(ReplayFinding.of(lost, "k", true).kind())
                .isEqualTo(ReplayFinding.Kind.OVERTAKEN);
        ReplayTally tally =
                new ReplayTally(
                        9,
                        0,
                        0,
                        Map.of(
                                ReplayFinding.Kind.FILLED, 4L,
                                ReplayFinding.Kind.GAP, 2L,
                                ReplayFinding.Kind.WITHOUT_EFFECT, 1L),
                        0);
        assertThat(tally.differences()).isEqualTo(3);
        assertThat(tally.found()).containsEntry(ReplayFinding.Kind.OVERTAKEN, 0L);
    }
}
