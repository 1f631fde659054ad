package dev.millrace.bootstrap.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ports.operations.driving.KeptSpan;
import dev.millrace.ports.operations.driving.KeptTrace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

final class KeptSpansTest {

    private static final int LIMIT = 200;

    private final KeptSpans kept = new KeptSpans(LIMIT);
    private final SdkTracerProvider provider =
            SdkTracerProvider.builder().addSpanProcessor(kept).build();
    private final Tracer tracer = provider.get("test");

    @AfterEach
    void close() {
        provider.close();
    }

    private Span begin(String name, Context parent, String messageId) {
        return tracer.spanBuilder(name)
                .setParent(parent)
                .setAttribute(Names.MESSAGE_ID, messageId)
                .startSpan();
    }

    private Context request() {
        Span request = tracer.spanBuilder("request").setNoParent().startSpan();
        request.end();
        return Context.root().with(request);
    }

    private static List<String> names(KeptTrace trace) {
        return trace.spans().stream().map(KeptSpan::name).toList();
    }

    @Test
    void an_event_is_found_by_its_message_id_with_what_is_about_no_other() {
        Context request = request();
        begin("send", request, "one").end();
        begin("send", request, "two").end();
        begin("process", request, "one").end();

        List<KeptTrace> traces = kept.show("", "one", 10);
        assertThat(traces).hasSize(1);
        assertThat(names(traces.getFirst())).containsExactly("request", "send", "process");
        assertThat(kept.show(traces.getFirst().id(), "", 10).getFirst().spans()).hasSize(4);
        assertThat(kept.show("", "three", 10)).isEmpty();
    }

    @Test
    void the_newest_traces_come_first_and_the_oldest_give_way() {
        for (int i = 0; i < 10 * LIMIT; i++) {
            begin("send", Context.root(), "m" + i).end();
        }

        List<KeptTrace> all = kept.show("", "", 10 * LIMIT);
        assertThat(all).hasSize(LIMIT / 2);
        assertThat(all.getFirst().spans().getFirst().messageId()).isEqualTo("m" + (10 * LIMIT - 1));
        assertThat(kept.show("", "", 3)).isEqualTo(all.subList(0, 3));
    }

    @Test
    void a_trace_with_a_failure_outlives_those_without_and_is_whole() {
        Context request = request();
        Span failed = begin("process", request, "bad");
        failed.setStatus(StatusCode.ERROR);
        failed.end();
        Context behind = request();
        begin("process", behind, "behind").setAttribute(Names.OUTCOME, "parked").end();
        for (int i = 0; i < 10 * LIMIT; i++) {
            begin("send", Context.root(), "m" + i).end();
        }
        Span retry = begin("retry", request, "bad");
        retry.end();

        assertThat(names(kept.show("", "bad", 1).getFirst()))
                .containsExactly("request", "process", "retry");
        assertThat(kept.show("", "behind", 1)).hasSize(1);
        String traceId = Span.fromContext(request).getSpanContext().getTraceId();
        assertThat(kept.last(traceId, "bad")).contains(retry.getSpanContext().getSpanId());
    }

    @Test
    void no_trace_takes_all_the_room() {
        Context request = request();
        begin("send", Context.root(), "other").end();
        for (int i = 0; i < 10 * LIMIT; i++) {
            begin("send", request, "m" + i).end();
        }

        assertThat(kept.show("", "other", 1)).hasSize(1);
        assertThat(kept.show("", "m0", 1)).hasSize(1);
        assertThat(kept.show("", "m" + LIMIT, 1)).isEmpty();
    }
}
