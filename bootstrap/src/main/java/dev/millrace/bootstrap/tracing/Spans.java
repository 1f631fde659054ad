package dev.millrace.bootstrap.tracing;

import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.DeadLetters;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.operations.driven.Gaps;
import dev.millrace.ports.operations.driven.Quarantine;
import dev.millrace.ports.operations.driven.Redrives;
import dev.millrace.ports.operations.driving.ShowTraces;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * The spans of one process: who makes them, which are kept here, and where they are sent. What it
 * puts around a port does the same as that port; with a share of 0 it is that port. Thread-safe.
 */
public final class Spans implements AutoCloseable {

    private static final String SCOPE = "dev.millrace";
    private static final Duration EXPORT_INTERVAL = Duration.ofSeconds(1);
    private static final long FLUSH_SECONDS = 2;

    private final boolean isOn;
    private final KeptSpans kept;
    private final SdkTracerProvider provider;
    private final InstantSource clock;

    /**
     * Opens nothing: a collector is first asked when there is something to send.
     *
     * @param version of this program
     * @param process the name of this process among all of them
     */
    public Spans(TracingSettings settings, String version, String process, InstantSource clock) {
        this.isOn = settings.share() > 0;
        this.kept = new KeptSpans(settings.keptSpans());
        this.clock = clock;
        SdkTracerProviderBuilder builder =
                SdkTracerProvider.builder()
                        .setResource(resource(version, process))
                        .setSampler(
                                Sampler.parentBased(
                                        new RootSampler(settings.share(), System::nanoTime)))
                        .addSpanProcessor(kept);
        if (isOn && !settings.endpoint().isEmpty()) {
            builder.addSpanProcessor(
                    BatchSpanProcessor.builder(
                                    new ToldFailures(
                                            OtlpHttpSpanExporter.builder()
                                                    .setEndpoint(settings.endpoint())
                                                    .build(),
                                            settings.endpoint()))
                            .setScheduleDelay(EXPORT_INTERVAL)
                            .build());
        }
        this.provider = builder.build();
    }

    private static Resource resource(String version, String process) {
        return Resource.getDefault()
                .merge(
                        Resource.create(
                                Attributes.of(
                                        AttributeKey.stringKey("service.name"),
                                        "millrace",
                                        AttributeKey.stringKey("service.version"),
                                        version,
                                        AttributeKey.stringKey("service.instance.id"),
                                        process)));
    }

    /** For requests over HTTP. */
    public Tracer tracer() {
        return isOn ? provider.get(SCOPE) : TracerProvider.noop().get(SCOPE);
    }

    /** The last traces of this process. */
    public ShowTraces kept() {
        return kept;
    }

    /** Each event that is published to the topic of a stream. */
    public <E> EventPublisher<E> publisher(EventPublisher<E> publisher, TopicName topic) {
        return isOn ? new TracedPublisher<>(publisher, eventSpans(), topic) : publisher;
    }

    /** Each event that a lane brings to its outcome. */
    public <E, S, F> Inbox<E, S, F> inbox(Inbox<E, S, F> inbox, SubscriptionId subscription) {
        return isOn ? new TracedInbox<>(inbox, runs(subscription, "lane")) : inbox;
    }

    /** Each event that a replay brings to its outcome. */
    public <E, S, F> Gaps<E, S, F> gaps(Gaps<E, S, F> gaps, SubscriptionId subscription) {
        RunSpans runs = runs(subscription, "replay");
        return isOn
                ? lease -> new TracedInbox<>(gaps.inbox(lease), runs.of(lease.replay().id()))
                : gaps;
    }

    /** Each parked event that is tried again. */
    public <E, S, F> ParkedEvents<E, S, F> parked(
            ParkedEvents<E, S, F> parked, SubscriptionId subscription) {
        return isOn ? new TracedParkedEvents<>(parked, runs(subscription, "release")) : parked;
    }

    /** Each dead letter of a subscription. */
    public DeadLetters deadLetters(DeadLetters letters, SubscriptionId subscription) {
        return isOn ? new TracedDeadLetters(letters, eventSpans(), subscription) : letters;
    }

    /** Each act of a person on one event. */
    public Quarantine quarantine(Quarantine quarantine) {
        return isOn ? new TracedQuarantine(quarantine, acts(quarantine)) : quarantine;
    }

    /**
     * Each event that a job retries.
     *
     * @param quarantine where they are
     */
    public Redrives redrives(Redrives redrives, Quarantine quarantine) {
        return isOn ? new TracedRedrives(redrives, acts(quarantine)) : redrives;
    }

    private RunSpans runs(SubscriptionId subscription, String way) {
        return new RunSpans(eventSpans(), subscription, way, 0);
    }

    private ActSpans acts(Quarantine quarantine) {
        return new ActSpans(eventSpans(), quarantine);
    }

    private EventSpans eventSpans() {
        return new EventSpans(tracer(), kept, clock);
    }

    /** Sends what is still to be sent, for a moment. */
    @Override
    public void close() {
        var _ = provider.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
    }
}
