package dev.millrace.bootstrap.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Which traces are begun where nobody has begun one: a share of them, and the first of each second,
 * so that a single event that somebody sends by hand is traced whatever the share. Thread-safe.
 */
final class RootSampler implements Sampler {

    /** What has to be told whenever something that it links to is. */
    static final ContextKey<Boolean> WANTED = ContextKey.named("wanted");

    private final Sampler share;
    private final LongSupplier nanoTime;
    private final AtomicLong lastSecond = new AtomicLong(-1);

    /**
     * @param share from 0 to 1
     * @param nanoTime a clock that never goes back
     */
    RootSampler(double share, LongSupplier nanoTime) {
        this.share = Sampler.traceIdRatioBased(share);
        this.nanoTime = nanoTime;
    }

    @Override
    public SamplingResult shouldSample(
            Context parent,
            String traceId,
            String name,
            SpanKind kind,
            Attributes attributes,
            List<LinkData> links) {
        return parent.get(WANTED) != null || isFirstOfItsSecond()
                ? SamplingResult.recordAndSample()
                : share.shouldSample(parent, traceId, name, kind, attributes, links);
    }

    private boolean isFirstOfItsSecond() {
        long second = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
        long last = lastSecond.get();
        return second != last && lastSecond.compareAndSet(last, second);
    }

    @Override
    public String getDescription() {
        return "first of each second, else " + share.getDescription();
    }
}
