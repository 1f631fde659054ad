package dev.millrace.adapters.http.events;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which trace an event belongs to, as W3C Trace Context has it. What a caller names is carried on,
 * never changed and never looked into. What is malformed is left out, as that recommendation
 * demands: no event fails for its trace.
 *
 * @param parent the value of {@code traceparent}; empty when there is none
 * @param state the value of {@code tracestate}; empty when there is none
 */
public record TraceContext(String parent, String state) {

    static final TraceContext NONE = new TraceContext("", "");

    /** What the recommendation wants to be carried at least; what is longer is left out. */
    private static final int MAX_STATE_LENGTH = 512;

    private static final int MAX_STATE_MEMBERS = 32;

    private static final String IDS = "(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";

    /**
     * Later versions may say more behind what the first one says; the last version is no version.
     */
    private static final Pattern PARENT =
            Pattern.compile("00-" + IDS + "|(?!00|ff)[0-9a-f]{2}-" + IDS + "(-[!-~]{0,200})?");

    private static final Pattern STATE_MEMBER =
            Pattern.compile(
                    "([a-z0-9][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=["
                        + " !-+\\--<>-~]{0,255}[!-+\\--<>-~]");

    /**
     * The trace that a request belongs to: below the span that this process has given it, or as its
     * headers name it where it was given none that is recorded.
     */
    public static TraceContext of(HttpServletRequest request) {
        if (Span.current().getSpanContext().isSampled()) {
            Map<String, String> names = new HashMap<>();
            W3CTraceContextPropagator.getInstance()
                    .inject(Context.current(), names, TraceContext::put);
            return of(
                    names.getOrDefault(EventProperties.TRACEPARENT, ""),
                    names.getOrDefault(EventProperties.TRACESTATE, ""));
        }
        List<String> parents = Collections.list(request.getHeaders(EventProperties.TRACEPARENT));
        return parents.size() == 1
                ? of(
                        parents.getFirst(),
                        String.join(
                                ",",
                                Collections.list(request.getHeaders(EventProperties.TRACESTATE))))
                : NONE;
    }

    private static void put(@Nullable Map<String, String> names, String name, String value) {
        Objects.requireNonNull(names).put(name, value);
    }

    /** The well-formed part of what was given. A state without a parent means nothing. */
    public static TraceContext of(String parent, String state) {
        if (!PARENT.matcher(parent).matches()) {
            return NONE;
        }
        return new TraceContext(parent, isState(state) ? state : "");
    }

    private static boolean isState(String state) {
        if (state.length() > MAX_STATE_LENGTH) {
            return false;
        }
        int members = 0;
        for (String member : state.split(",", -1)) {
            String text = member.strip();
            if (!text.isEmpty()) {
                members++;
                if (!STATE_MEMBER.matcher(text).matches()) {
                    return false;
                }
            }
        }
        return members > 0 && members <= MAX_STATE_MEMBERS;
    }

    /** This trace, or another one when this is none. */
    public TraceContext orElse(TraceContext other) {
        return parent.isEmpty() ? other : this;
    }

    /** As it stands beside an event. */
    public Map<String, String> properties() {
        if (parent.isEmpty()) {
            return Map.of();
        }
        return state.isEmpty()
                ? Map.of(EventProperties.TRACEPARENT, parent)
                : Map.of(EventProperties.TRACEPARENT, parent, EventProperties.TRACESTATE, state);
    }
}
