package dev.millrace.bootstrap.tracing;

import dev.millrace.ports.operations.driving.KeptSpan;
import dev.millrace.ports.operations.driving.KeptTrace;
import dev.millrace.ports.operations.driving.ShowTraces;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last traces of this process, within a bound of spans. Half of the room is for those in which
 * something went wrong or waits: under load they would otherwise be gone before anybody looks. A
 * trace has a tenth of a half at most, and what comes beyond that is not kept. Spans lie here as
 * OpenTelemetry hands them out, since most are never looked at. Thread-safe.
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
        keep(span.getSpanContext().getTraceId(), span.toSpanData());
    }

    private synchronized void keep(String traceId, SpanData span) {
        if (troubled.has(traceId)) {
            troubled.add(traceId, span);
        } else if (isTrouble(span)) {
            ordinary.remove(traceId).forEach(earlier -> troubled.add(traceId, earlier));
            troubled.add(traceId, span);
        } else {
            ordinary.add(traceId, span);
        }
    }

    private static boolean isTrouble(SpanData span) {
        return span.getStatus().getStatusCode() == StatusCode.ERROR
                || "parked".equals(span.getAttributes().get(Names.OUTCOME));
    }

    private static boolean isAbout(SpanData span, String messageId) {
        return messageId.equals(span.getAttributes().get(Names.MESSAGE_ID));
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public List<KeptTrace> show(String traceId, String messageId, int limit) {
        return found(traceId, messageId).stream()
                .sorted(Comparator.comparingLong(Trace::beginning).reversed())
                .limit(limit)
                .map(trace -> trace.about(messageId))
                .toList();
    }

    private synchronized List<Trace> found(String traceId, String messageId) {
        return Stream.of(ordinary, troubled)
                .flatMap(shelf -> shelf.find(traceId, messageId))
                .toList();
    }

    /** The ID of the event's span that ended last, as far as this process has kept it. */
    synchronized Optional<String> last(String traceId, String messageId) {
        return troubled.last(traceId, messageId).or(() -> ordinary.last(traceId, messageId));
    }

    /** A trace as it lay on its shelf. */
    private record Trace(String id, List<SpanData> spans) {

        Trace {
            spans = List.copyOf(spans);
        }

        long beginning() {
            return spans.stream().mapToLong(SpanData::getStartEpochNanos).min().orElseThrow();
        }

        boolean isAbout(String messageId) {
            return messageId.isEmpty()
                    || spans.stream().anyMatch(span -> KeptSpans.isAbout(span, messageId));
        }

        /** Without the spans of others. They end from the inside out, and are shown otherwise. */
        KeptTrace about(String messageId) {
            return new KeptTrace(
                    id,
                    spans.stream()
                            .map(Conversion::kept)
                            .filter(span ->
                                    messageId.isEmpty()
                                            || span.messageId().isEmpty()
                                            || span.messageId().equals(messageId))
                            .sorted(Comparator.comparing(KeptSpan::startedAt))
                            .toList());
        }
    }

    /** Traces in the order in which they came; the oldest give way. */
    private static final class Shelf {

        private final int limit;
        private final int limitOfOne;
        private final Map<String, List<SpanData>> traces = new LinkedHashMap<>();
        private int spans;

        Shelf(int limit) {
            this.limit = limit;
            this.limitOfOne = Math.max(1, limit / 10);
        }

        boolean has(String traceId) {
            return traces.containsKey(traceId);
        }

        void add(String traceId, SpanData span) {
            List<SpanData> trace = traces.computeIfAbsent(traceId, _ -> new ArrayList<>(4));
            if (trace.size() < limitOfOne) {
                trace.add(span);
                spans++;
            }
            while (spans > limit) {
                List<SpanData> _ = remove(traces.keySet().iterator().next());
            }
        }

        List<SpanData> remove(String traceId) {
            List<SpanData> removed = traces.remove(traceId);
            if (removed == null) {
                return List.of();
            }
            spans -= removed.size();
            return removed;
        }

        Stream<Trace> find(String traceId, String messageId) {
            return traces.entrySet().stream()
                    .filter(trace -> traceId.isEmpty() || trace.getKey().equals(traceId))
                    .map(trace -> new Trace(trace.getKey(), trace.getValue()))
                    .filter(trace -> trace.isAbout(messageId));
        }

        Optional<String> last(String traceId, String messageId) {
            return traces.getOrDefault(traceId, List.of()).reversed().stream()
                    .filter(span -> isAbout(span, messageId))
                    .map(SpanData::getSpanId)
                    .findFirst();
        }
    }
}
