package dev.millrace.domain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The law that nothing accepted is lost and nothing takes effect twice: for a subscription each
 * copy in the topic is exactly one of the {@linkplain CopyState states}, and its tables bear it
 * out.
 */
public final class Conservation {

    /** What belongs to each other: the one is not right without the other. */
    private static final Map<Trace, Trace> WITNESSES =
            Map.of(
                    Trace.PARKED, Trace.WAITING,
                    Trace.WAITING, Trace.PARKED,
                    Trace.QUARANTINED, Trace.IN_QUARANTINE,
                    Trace.COUNTED, Trace.RECORDED_ELSEWHERE);

    private Conservation() {}

    /**
     * Judges one copy.
     *
     * @param traces what the tables say of it
     * @param acknowledged whether the subscription had acknowledged it before they were asked
     */
    public static Finding judge(TopicCopy copy, Set<Trace> traces, boolean acknowledged) {
        List<CopyState> states =
                traces.stream().map(Conservation::state).flatMap(Optional::stream).toList();
        if (states.size() > 1) {
            return amiss(Difference.Kind.CONTRADICTORY, copy, traces);
        }
        for (Trace trace : traces) {
            Trace witness = WITNESSES.get(trace);
            if (witness != null && !traces.contains(witness)) {
                return amiss(Difference.Kind.INCOMPLETE, copy, traces);
            }
        }
        if (traces.contains(Trace.WITHOUT_EFFECT)) {
            return amiss(Difference.Kind.WITHOUT_EFFECT, copy, traces);
        }
        if (!states.isEmpty()) {
            return new Finding.Accounted(states.getFirst());
        }
        if (traces.contains(Trace.BELOW_WATERMARK)) {
            return new Finding.Accounted(CopyState.PURGED);
        }
        return acknowledged
                ? amiss(Difference.Kind.LOST, copy, traces)
                : new Finding.Accounted(CopyState.IN_FLIGHT);
    }

    /** Of those that have one, a copy has one trace: each says by itself what became of it. */
    private static Optional<CopyState> state(Trace trace) {
        return switch (trace) {
            case APPLIED -> Optional.of(CopyState.APPLIED);
            case REJECTED -> Optional.of(CopyState.REJECTED);
            case DISCARDED, GIVEN_UP -> Optional.of(CopyState.DISCARDED);
            case WAITING -> Optional.of(CopyState.PARKED);
            case IN_QUARANTINE -> Optional.of(CopyState.QUARANTINED);
            case COUNTED -> Optional.of(CopyState.DUPLICATE);
            case PARKED, QUARANTINED, RECORDED_ELSEWHERE, WITHOUT_EFFECT, BELOW_WATERMARK ->
                    Optional.empty();
        };
    }

    private static Finding amiss(Difference.Kind kind, TopicCopy copy, Set<Trace> traces) {
        String said =
                traces.stream().sorted().map(Trace::words).collect(Collectors.joining(", and "));
        String detail = said.isEmpty() ? "no table knows of it" : said;
        return new Finding.Amiss(new Difference(kind, copy.position(), copy.messageId(), detail));
    }
}
