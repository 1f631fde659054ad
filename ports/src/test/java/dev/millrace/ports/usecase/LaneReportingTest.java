package dev.millrace.ports.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.domain.operations.Pausing;
import dev.millrace.domain.operations.Resuming;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryLaneBoard;
import dev.millrace.ports.usecase.operations.LaneReporting;

import org.junit.jupiter.api.Test;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

final class LaneReportingTest {

    private static final SubscriptionName COUNTS =
            new SubscriptionName(CounterStream.NAME, "counts");
    private static final Signature ANNA = new Signature("anna", "a migration");
    private static final List<LaneReport> LANES =
            List.of(new LaneReport(0, LaneState.RUNNING, List.of(), 0, ""));

    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryLaneBoard board =
            new InMemoryLaneBoard(
                    database,
                    new Tenant("millrace"),
                    new Namespace("events"),
                    InstantSource.system());
    private final LaneReporting reporting = new LaneReporting(board, COUNTS, "p1");

    @Test
    void what_people_want_is_known_before_the_lanes_start_and_with_each_report() {
        new LaneReporting(board, COUNTS, "p0").report(LANES);
        assertThat(board.pause(COUNTS, ANNA)).isInstanceOf(Pausing.Paused.class);

        reporting.learn();

        assertThat(reporting.check())
                .map(Instruction.Hold::why)
                .hasValueSatisfying(why ->
                        assertThat(why).startsWith("paused by anna at").endsWith("a migration"));
        assertThat(board.resume(COUNTS, ANNA)).isInstanceOf(Resuming.Resumed.class);
        reporting.report(LANES);
        assertThat(reporting.check()).isEmpty();
    }

    @Test
    void nothing_is_known_before_the_board_is_there() {
        database.makeUnavailable();

        assertThatThrownBy(reporting::learn).isInstanceOf(Unavailable.class);
    }

    @Test
    void while_the_board_is_away_the_last_wish_stands() {
        reporting.learn();
        assertThat(board.pause(COUNTS, ANNA)).isInstanceOf(Pausing.Paused.class);
        reporting.report(LANES);
        database.makeUnavailable();
        reporting.report(LANES);
        assertThat(reporting.pause()).isPresent();

        database.makeAvailable();
        assertThat(board.resume(COUNTS, ANNA)).isInstanceOf(Resuming.Resumed.class);
        reporting.report(LANES);
        database.makeUnavailable();
        reporting.report(LANES);
        assertThat(reporting.pause()).isEqualTo(Optional.empty());
    }

    @Test
    void what_has_ended_is_not_told_of_again() {
        reporting.report(LANES);
        assertThat(board.overview().lanes()).hasSize(1);

        reporting.end();
        reporting.report(LANES);

        assertThat(board.overview().lanes()).isEmpty();
    }
}
