package dev.millrace.bootstrap.tracing;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Setback;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells what an inbox makes of the events that are sampled.
 *
 * @param <E> the stream's event
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
final class TracedInbox<E, S, F> implements Inbox<E, S, F> {

    private final Inbox<E, S, F> inbox;
    private final RunSpans spans;

    TracedInbox(Inbox<E, S, F> inbox, RunSpans spans) {
        this.inbox = inbox;
        this.spans = spans;
    }

    @Override
    public Settlement apply(List<Delivery<E>> batch, Deciding<E, S, F> deciding) {
        List<RunSpans.Member> members = RunSpans.ofBatch(batch);
        return members.isEmpty()
                ? inbox.apply(batch, deciding)
                : apply(batch, deciding, members, spans.now());
    }

    private Settlement apply(
            List<Delivery<E>> batch,
            Deciding<E, S, F> deciding,
            List<RunSpans.Member> members,
            Instant start) {
        Map<String, Setback> setbacks = new HashMap<>();
        try {
            Settlement settlement =
                    inbox.apply(
                            batch,
                            (events, known) -> {
                                Verdict<E, S, F> verdict = deciding.on(events, known);
                                RunSpans.note(verdict, setbacks);
                                return verdict;
                            });
            switch (settlement) {
                case Settlement.Committed(List<Outcome> outcomes) ->
                        spans.committed(members, start, outcomes, setbacks);
                case Settlement.Refused(Throwable cause) ->
                        spans.failed(members, start, batch.size(), cause);
                case Settlement.Overrun(Throwable cause) ->
                        spans.failed(members, start, batch.size(), cause);
            }
            return settlement;
        } catch (Unavailable outage) {
            spans.failed(members, start, batch.size(), outage);
            throw outage;
        }
    }
}
