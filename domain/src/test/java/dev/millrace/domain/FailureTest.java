package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

final class FailureTest {

    @Test
    void a_fault_tells_the_exception_its_causes_and_the_frames_of_our_code_alone() {
        IllegalArgumentException cause = new IllegalArgumentException("the cause");
        cause.setStackTrace(
                new StackTraceElement[] {
                    frame("java.util.List"),
                    frame("dev.millrace.domain.ledger.LedgerRules"),
                    frame("org.postgresql.jdbc.PgConnection"),
                    frame("com.acme.orders.Rules"),
                    frame("com.acme.other.Rules")
                });

        Failure.Fault fault =
                Failure.Fault.of(new IllegalStateException("the effect", cause), "com.acme.orders");

        assertThat(fault.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(fault.message())
                .isEqualTo("the effect <- java.lang.IllegalArgumentException: the cause");
        assertThat(fault.frames())
                .containsExactly(
                        "dev.millrace.domain.ledger.LedgerRules.decide(Rules.java:7)",
                        "com.acme.orders.Rules.decide(Rules.java:7)");
    }

    @Test
    void an_exception_without_words_or_with_a_ring_of_causes_is_told_too() {
        assertThat(Failure.Fault.of(new IllegalStateException(), "").message()).isEmpty();
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second", first);
        first.initCause(second);

        assertThat(Failure.Fault.of(first, "").message()).startsWith("first <- ");
    }

    @Test
    void what_is_told_is_bounded() {
        StackOverflowError deep = new StackOverflowError("x".repeat(10_000));
        StackTraceElement[] frames = new StackTraceElement[1_000];
        Arrays.fill(frames, frame("dev.millrace.domain.ledger.LedgerRules"));
        deep.setStackTrace(frames);

        Failure.Fault fault = Failure.Fault.of(deep, "");

        assertThat(fault.message()).hasSize(2_000);
        assertThat(fault.frames()).hasSize(20);
    }

    @Test
    void an_overrun_tells_its_deadline_and_where_it_hangs() {
        assertThat(
                        Failure.Fault.overrun(
                                Duration.ofSeconds(1),
                                List.of(frame("java.lang.Thread"), frame("com.acme.orders.Rules")),
                                "com.acme.orders"))
                .isEqualTo(
                        new Failure.Fault(
                                "overrun",
                                "no decision within 1000 ms",
                                List.of("com.acme.orders.Rules.decide(Rules.java:7)")));
    }

    @Test
    void the_trace_of_a_copy_is_the_one_that_its_caller_named() {
        assertThat(copy("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").traceId())
                .isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(copy("nonsense").traceId()).isEmpty();
        assertThat(copy("00-short-b7ad6b7169203331-01").traceId()).isEmpty();
    }

    private static Copy copy(String traceparent) {
        return new Copy(
                new Position(1, 1, 0, 0),
                Instant.EPOCH,
                Payload.EMPTY,
                "",
                Map.of("traceparent", traceparent));
    }

    private static StackTraceElement frame(String type) {
        return new StackTraceElement(type, "decide", "Rules.java", 7);
    }
}
