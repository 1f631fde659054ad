package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class ConservationTest {

    private static final TopicCopy COPY =
            new TopicCopy(new Position(1, 2, 3, 4), "m1", Instant.EPOCH);

    /** All that a sound database says; everything else is a difference. */
    private static final Map<Set<Trace>, CopyState> SOUND =
            Map.of(
                    Set.of(Trace.APPLIED), CopyState.APPLIED,
                    Set.of(Trace.REJECTED), CopyState.REJECTED,
                    Set.of(Trace.DISCARDED), CopyState.DISCARDED,
                    Set.of(Trace.PARKED, Trace.WAITING), CopyState.PARKED,
                    Set.of(Trace.QUARANTINED, Trace.IN_QUARANTINE), CopyState.QUARANTINED,
                    Set.of(Trace.GIVEN_UP), CopyState.DISCARDED,
                    Set.of(Trace.GIVEN_UP, Trace.RECORDED_ELSEWHERE), CopyState.DISCARDED,
                    Set.of(Trace.IN_QUARANTINE), CopyState.QUARANTINED,
                    Set.of(Trace.IN_QUARANTINE, Trace.RECORDED_ELSEWHERE), CopyState.QUARANTINED,
                    Set.of(Trace.COUNTED, Trace.RECORDED_ELSEWHERE), CopyState.DUPLICATE);

    private static final Set<Trace> OF_THE_RECORD =
            EnumSet.range(Trace.APPLIED, Trace.RECORDED_ELSEWHERE);

    @Test
    void every_combination_that_a_sound_database_has_is_one_state_and_no_other_is() {
        int sound = 0;
        for (Set<Trace> traces : combinations()) {
            Set<Trace> said = EnumSet.copyOf(traces);
            said.remove(Trace.BELOW_WATERMARK);
            CopyState expected = SOUND.get(said);
            Finding finding = Conservation.judge(COPY, traces, true);
            if (expected != null) {
                sound++;
                assertThat(finding).as("%s", traces).isEqualTo(new Finding.Accounted(expected));
                assertThat(Conservation.judge(COPY, traces, false)).isEqualTo(finding);
            } else if (!said.isEmpty() && !said.equals(Set.of(Trace.RECORDED_ELSEWHERE))) {
                assertThat(finding).as("%s", traces).isInstanceOf(Finding.Amiss.class);
                assertThat(Conservation.judge(COPY, traces, false)).isEqualTo(finding);
            }
        }
        assertThat(sound).isEqualTo(2 * SOUND.size());
    }

    @Test
    void without_a_trace_it_is_in_flight_or_purged_or_lost() {
        for (Set<Trace> nothing : Set.of(Set.<Trace>of(), Set.of(Trace.RECORDED_ELSEWHERE))) {
            assertThat(Conservation.judge(COPY, nothing, false))
                    .isEqualTo(new Finding.Accounted(CopyState.IN_FLIGHT));
            assertThat(kind(Conservation.judge(COPY, nothing, true)))
                    .isEqualTo(Difference.Kind.LOST);
            Set<Trace> old = new HashSet<>(nothing);
            old.add(Trace.BELOW_WATERMARK);
            for (boolean acknowledged : new boolean[] {true, false}) {
                assertThat(Conservation.judge(COPY, old, acknowledged))
                        .isEqualTo(new Finding.Accounted(CopyState.PURGED));
            }
        }
    }

    @Test
    void a_difference_names_the_copy_and_says_what_the_tables_say() {
        assertThat(Conservation.judge(COPY, Set.of(Trace.COUNTED, Trace.APPLIED), true))
                .isEqualTo(
                        new Finding.Amiss(
                                new Difference(
                                        Difference.Kind.CONTRADICTORY,
                                        COPY.position(),
                                        "m1",
                                        "its record says applied, and it is counted as a"
                                                + " duplicate")));
    }

    private static Difference.Kind kind(Finding finding) {
        return ((Finding.Amiss) finding).difference().kind();
    }

    /** A record is about one copy and says one thing, so those traces exclude each other. */
    private static Set<Set<Trace>> combinations() {
        Set<Set<Trace>> combinations = new HashSet<>(Set.of(Set.of()));
        for (Trace trace : Trace.values()) {
            for (Set<Trace> shorter : List.copyOf(combinations)) {
                Set<Trace> longer = new HashSet<>(shorter);
                longer.add(trace);
                if (Collections.disjoint(shorter, OF_THE_RECORD)
                        || !OF_THE_RECORD.contains(trace)) {
                    combinations.add(longer);
                }
            }
        }
        combinations.remove(Set.of());
        return combinations;
    }
}
