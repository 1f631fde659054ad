package dev.millrace.bootstrap.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

/** An exporter of which the log tells once when it begins to fail, and once when that is over. */
final class ToldFailures implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger(ToldFailures.class);

    private final SpanExporter exporter;
    private final String endpoint;
    private final AtomicBoolean fails = new AtomicBoolean();

    ToldFailures(SpanExporter exporter, String endpoint) {
        this.exporter = exporter;
        this.endpoint = endpoint;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> tell(result));
    }

    private void tell(CompletableResultCode result) {
        boolean failed = !result.isSuccess();
        if (fails.compareAndSet(!failed, failed)) {
            if (failed) {
                LOG.warn(
                        "{} takes no spans, and those that it would have had are lost: {}",
                        endpoint,
                        why(result.getFailureThrowable()));
            } else {
                LOG.info("{} takes spans again", endpoint);
            }
        }
    }

    private static String why(@Nullable Throwable failure) {
        return failure == null ? "it does not say why" : failure.toString();
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
