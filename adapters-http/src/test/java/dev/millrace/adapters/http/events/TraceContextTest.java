package dev.millrace.adapters.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is carried on of a trace, by the W3C recommendation. */
final class TraceContextTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void a_trace_is_carried_on_as_it_came() {
        assertThat(
                        TraceContext.of(PARENT, "rojo=00f067aa0ba902b7, t61rcwkgmzw@congo=x y")
                                .properties())
                .isEqualTo(
                        Map.of(
                                "traceparent",
                                PARENT,
                                "tracestate",
                                "rojo=00f067aa0ba902b7, t61rcwkgmzw@congo=x y"));
        assertThat(TraceContext.of(PARENT, "").properties())
                .isEqualTo(Map.of("traceparent", PARENT));
    }

    @Test
    void a_later_version_may_say_more() {
        String later = "01" + PARENT.substring(2);

        assertThat(TraceContext.of(later, "").parent()).isEqualTo(later);
        assertThat(TraceContext.of(later + "-what.comes", "").parent())
                .isEqualTo(later + "-what.comes");
        assertThat(TraceContext.of(later + "what.comes", "")).isEqualTo(TraceContext.NONE);
        assertThat(TraceContext.of(later + "-" + "x".repeat(300), "")).isEqualTo(TraceContext.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n"
            })
    void a_malformed_parent_is_left_out_and_its_state_with_it(String malformed) {
        assertThat(TraceContext.of(malformed, "rojo=1").properties()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",",
                "rojo",
                "rojo=",
                "Rojo=1",
                "rojo=1=2",
                "rojo=é",
                "rojo=1,@x=2",
                "a b=1"
            })
    void a_malformed_state_is_left_out_alone(String malformed) {
        assertThat(TraceContext.of(PARENT, malformed).properties())
                .isEqualTo(Map.of("traceparent", PARENT));
    }

    @Test
    void a_state_with_too_many_members_or_characters_is_left_out() {
        assertThat(TraceContext.of(PARENT, members(32)).state()).isNotEmpty();
        assertThat(TraceContext.of(PARENT, members(33)).state()).isEmpty();
        String half = "a=" + "x".repeat(253);
        assertThat(TraceContext.of(PARENT, half + "," + half + ",").state()).hasSize(512);
        assertThat(TraceContext.of(PARENT, half + "," + half + ",,").state()).isEmpty();
    }

    private static String members(int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> "a" + index + "=1")
                .collect(Collectors.joining(","));
    }
}
