package dev.millrace.adapters.http.server;

import dev.millrace.adapters.http.answers.Refusal;

import io.javalin.http.Handler;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Gives requests a span each, below the one that the caller names in {@code traceparent}. While the
 * request is handled its span is the current one. Thread-safe.
 */
public final class RequestSpans {

    private static final TextMapGetter<HttpServletRequest> HEADERS = new Headers();
    private static final int SERVER_ERROR = 500;

    private final Tracer tracer;

    public RequestSpans(Tracer tracer) {
        this.tracer = Objects.requireNonNull(tracer);
    }

    /**
     * Handles the same requests as another handler.
     *
     * @param route with its parameters in braces
     */
    public Handler around(String method, String route, Handler handler) {
        String name = method + " " + route;
        return context -> {
            Span span =
                    tracer.spanBuilder(name)
                            .setParent(
                                    W3CTraceContextPropagator.getInstance()
                                            .extract(Context.root(), context.req(), HEADERS))
                            .setSpanKind(SpanKind.SERVER)
                            .startSpan();
            try (Scope _ = span.makeCurrent()) {
                handler.handle(context);
                answered(span, context.res().getStatus());
            } catch (Refusal refusal) {
                answered(span, refusal.problem().status());
                throw refusal;
            } catch (Exception | Error fault) {
                span.setAttribute("error.type", fault.getClass().getName());
                span.setStatus(StatusCode.ERROR);
                throw fault;
            } finally {
                span.setAttribute("http.request.method", method);
                span.setAttribute("http.route", route);
                span.end();
            }
        };
    }

    private static void answered(Span span, int status) {
        span.setAttribute("http.response.status_code", status);
        if (status >= SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** A state may come in several headers; a second parent makes both worth nothing. */
    private static final class Headers implements TextMapGetter<HttpServletRequest> {

        private static final String STATE = "tracestate";

        @Override
        public Iterable<String> keys(HttpServletRequest request) {
            return Collections.list(request.getHeaderNames());
        }

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String name) {
            List<String> values =
                    request == null ? List.of() : Collections.list(request.getHeaders(name));
            if (name.equals(STATE)) {
                return String.join(",", values);
            }
            return values.size() == 1 ? values.getFirst() : null;
        }
    }
}
