package dev.millrace.bootstrap.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The trace that travels with an event, in its properties, as W3C Trace Context has it. */
final class CarriedTrace {

    private static final String PARENT = "traceparent";
    private static final int LENGTH = 55;
    private static final int LAST_OF_FLAGS = 54;

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Map<String, String>> PROPERTIES = new Properties();

    private CarriedTrace() {}

    /** The context below which to go on; none when the event is not sampled. */
    static Optional<Context> of(Map<String, String> properties) {
        if (!isSampled(properties)) {
            return Optional.empty();
        }
        Context context = W3C.extract(Context.root(), properties, PROPERTIES);
        return Span.fromContext(context).getSpanContext().isSampled()
                ? Optional.of(context)
                : Optional.empty();
    }

    /** A quick look, at the lowest bit of the flags: false is certain. */
    static boolean isSampled(Map<String, String> properties) {
        String parent = properties.get(PARENT);
        return parent != null
                && parent.length() >= LENGTH
                && (Character.digit(parent.charAt(LAST_OF_FLAGS), 16) & 1) == 1;
    }

    /** The same properties, with this trace instead of theirs. */
    static Map<String, String> into(Context context, Map<String, String> properties) {
        Map<String, String> with = new HashMap<>(properties);
        W3C.inject(context, with, CarriedTrace::put);
        return with;
    }

    private static void put(@Nullable Map<String, String> properties, String name, String value) {
        Objects.requireNonNull(properties).put(name, value);
    }

    private static final class Properties implements TextMapGetter<Map<String, String>> {

        @Override
        public Iterable<String> keys(Map<String, String> properties) {
            return properties.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> properties, String name) {
            return properties == null ? null : properties.get(name);
        }
    }
}
