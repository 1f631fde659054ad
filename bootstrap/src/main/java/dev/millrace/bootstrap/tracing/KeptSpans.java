package dev.millrace.bootstrap.tracing;

import dev.millrace.ports.operations.driving.KeptSpan;
import dev.millrace.ports.operations.driving.KeptTrace;
import dev.millrace.ports.operations.driving.ShowTraces;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last traces of this process, within a bound of spans. Half of the room is for those in which
 * something went wrong or waits: under load they would otherwise be gone before anybody looks. A
 * trace has a tenth of a half at most, and what comes beyond that is not kept. Thread-safe.
 */
final class KeptSpans implements SpanProcessor, ShowTraces {

    private final Shelf ordinary;
    private final Shelf troubled;

    /**
     * @param limit how many spans to keep
     */
    KeptSpans(int limit) {
        this.ordinary = new Shelf(limit / 2);
        this.troubled = new Shelf(limit / 2);
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        keep(span.getSpanContext().getTraceId(), Conversion.kept(span.toSpanData()));
    }

    private synchronized void keep(String traceId, KeptSpan span) {
        if (troubled.has(traceId)) {
            troubled.add(traceId, span);
        } else if (isTrouble(span)) {
            ordinary.remove(traceId).forEach(earlier -> troubled.add(traceId, earlier));
            troubled.add(traceId, span);
        } else {
            ordinary.add(traceId, span);
        }
    }

    private static boolean isTrouble(KeptSpan span) {
        return span.failed() || "parked".equals(span.attributes().get(Names.OUTCOME.getKey()));
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public synchronized List<KeptTrace> show(String traceId, String messageId, int limit) {
        List<KeptTrace> traces = new ArrayList<>(ordinary.show(traceId, messageId));
        traces.addAll(troubled.show(traceId, messageId));
        traces.sort(Comparator.comparing(KeptSpans::beginning).reversed());
        return List.copyOf(traces.subList(0, Math.min(limit, traces.size())));
    }

    private static Instant beginning(KeptTrace trace) {
        return trace.spans().getFirst().startedAt();
    }

    /** The span of an event that ended last, as far as this process has kept it. */
    synchronized Optional<KeptSpan> last(String traceId, String messageId) {
        return troubled.last(traceId, messageId).or(() -> ordinary.last(traceId, messageId));
    }

    /** Traces in the order in which they came; the oldest give way. */
    private static final class Shelf {

        private final int limit;
        private final int limitOfOne;
        private final Map<String, List<KeptSpan>> traces = new LinkedHashMap<>();
        private int spans;

        Shelf(int limit) {
            this.limit = limit;
            this.limitOfOne = Math.max(1, limit / 10);
        }

        boolean has(String traceId) {
            return traces.containsKey(traceId);
        }

        void add(String traceId, KeptSpan span) {
            List<KeptSpan> trace = traces.computeIfAbsent(traceId, _ -> new ArrayList<>(4));
            if (trace.size() < limitOfOne) {
                trace.add(span);
                spans++;
            }
            while (spans > limit) {
                List<KeptSpan> _ = remove(traces.keySet().iterator().next());
            }
        }

        List<KeptSpan> remove(String traceId) {
            List<KeptSpan> removed = traces.remove(traceId);
            if (removed == null) {
                return List.of();
            }
            spans -= removed.size();
            return removed;
        }

        List<KeptTrace> show(String traceId, String messageId) {
            List<KeptTrace> shown = new ArrayList<>();
            traces.forEach((id, trace) -> {
                if ((traceId.isEmpty() || id.equals(traceId)) && isAbout(trace, messageId)) {
                    shown.add(new KeptTrace(id, ofOne(trace, messageId)));
                }
            });
            return shown;
        }

        private static boolean isAbout(List<KeptSpan> trace, String messageId) {
            return messageId.isEmpty()
                    || trace.stream().anyMatch(span -> span.messageId().equals(messageId));
        }

        /** Spans end from the inside out, and are shown from the outside in. */
        private static List<KeptSpan> ofOne(List<KeptSpan> trace, String messageId) {
            return trace.stream()
                    .filter(span ->
                            messageId.isEmpty()
                                    || span.messageId().isEmpty()
                                    || span.messageId().equals(messageId))
                    .sorted(Comparator.comparing(KeptSpan::startedAt))
                    .toList();
        }

        Optional<KeptSpan> last(String traceId, String messageId) {
            return traces.getOrDefault(traceId, List.of()).reversed().stream()
                    .filter(span -> span.messageId().equals(messageId))
                    .findFirst();
        }
    }
}
