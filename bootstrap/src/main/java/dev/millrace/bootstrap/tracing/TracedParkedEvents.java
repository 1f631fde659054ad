package dev.millrace.bootstrap.tracing;

import dev.millrace.domain.Key;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.Setback;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.Release;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Tells what becomes of the parked events that are sampled when they are tried again.
 *
 * @param <E> the stream's event
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
final class TracedParkedEvents<E, S, F> implements ParkedEvents<E, S, F> {

    private final ParkedEvents<E, S, F> parked;
    private final RunSpans spans;

    TracedParkedEvents(ParkedEvents<E, S, F> parked, RunSpans spans) {
        this.parked = parked;
        this.spans = spans;
    }

    @Override
    public List<ParkedEvent> due(int limit) {
        return parked.due(limit);
    }

    @Override
    public List<ParkedEvent> queue(ParkedEvent head, int limit) {
        return parked.queue(head, limit);
    }

    @Override
    public Release release(
            List<ParkedEvent> run,
            Patience patience,
            Function<Map<Key, S>, Verdict<E, S, F>> decide) {
        List<RunSpans.Member> members = RunSpans.ofQueue(run);
        return members.isEmpty()
                ? parked.release(run, patience, decide)
                : release(run, patience, decide, members, spans.now());
    }

    private Release release(
            List<ParkedEvent> run,
            Patience patience,
            Function<Map<Key, S>, Verdict<E, S, F>> decide,
            List<RunSpans.Member> members,
            Instant start) {
        Map<String, Setback> setbacks = new HashMap<>();
        try {
            Release release =
                    parked.release(
                            run,
                            patience,
                            known -> {
                                Verdict<E, S, F> verdict = decide.apply(known);
                                RunSpans.note(verdict, setbacks);
                                return verdict;
                            });
            switch (release) {
                case Release.Committed(List<Outcome> outcomes) ->
                        spans.committed(members, start, outcomes, setbacks);
                case Release.Elsewhere _ -> {
                    // Whoever has the key tells of it.
                }
                case Release.Refused(Throwable cause) ->
                        spans.failed(members, start, run.size(), cause);
                case Release.Overrun(Throwable cause) ->
                        spans.failed(members, start, run.size(), cause);
            }
            return release;
        } catch (Unavailable outage) {
            spans.failed(members, start, run.size(), outage);
            throw outage;
        }
    }

    @Override
    public ParkedLoad load() {
        return parked.load();
    }

    @Override
    public QuarantineLoad quarantined() {
        return parked.quarantined();
    }
}
