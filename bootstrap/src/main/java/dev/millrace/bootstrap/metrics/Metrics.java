package dev.millrace.bootstrap.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.java21.instrument.binder.jdk.VirtualThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.View;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.util.List;
import java.util.function.Supplier;

/**
 * The process's one registry: ours, the JVM's and the libraries' metrics come out in one scrape,
 * whether they were counted through Micrometer or through OpenTelemetry. Thread-safe.
 */
public final class Metrics implements AutoCloseable {

    private static final double MILLIS = 1_000;

    /**
     * What the Pulsar client counts for each message. It would have the partition left out, which
     * takes several times as long as to count.
     */
    private static final List<String> BY_PARTITION =
            List.of("pulsar.client.producer.message.send.*", "pulsar.client.consumer.message.*");

    /**
     * What it counts up and down again for each message: more calls than all of the above together.
     * What waits for a receipt {@code millrace.gate.under.way.events} tells, and a consumer's queue
     * is a part of the backlog. See ADR 28.
     */
    private static final List<String> LEFT_OUT =
            List.of(
                    "pulsar.client.producer.message.pending.*",
                    "pulsar.client.consumer.receive_queue.*");

    private final MeterRegistry registry;
    private final OpenTelemetrySdk openTelemetry;
    private final Supplier<String> scrape;
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final VirtualThreadMetrics virtualThreads = new VirtualThreadMetrics();

    private Metrics(
            MeterRegistry registry, OpenTelemetrySdk openTelemetry, Supplier<String> scrape) {
        this.registry = registry;
        this.openTelemetry = openTelemetry;
        this.scrape = scrape;
    }

    /** Counts nothing, so that it can be measured what counting costs. */
    public static Metrics off() {
        return new Metrics(
                new CompositeMeterRegistry(), OpenTelemetrySdk.builder().build(), () -> "");
    }

    /** Opens the registry and starts to count what the JVM does. */
    public static Metrics on() {
        PrometheusRegistry prometheus = new PrometheusRegistry();
        PrometheusMeterRegistry registry =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
        // The connectors do not count bytes, and series that stay at zero would say otherwise.
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("jetty.connections.bytes"));
        PrometheusMetricReader reader = PrometheusMetricReader.builder().build();
        prometheus.register(reader);
        SdkMeterProviderBuilder provider =
                SdkMeterProvider.builder()
                        .registerMetricReader(reader)
                        // The text format has no place for them.
                        .setExemplarFilter(ExemplarFilter.alwaysOff());
        for (String name : BY_PARTITION) {
            provider.registerView(named(name), View.builder().build());
        }
        for (String name : LEFT_OUT) {
            provider.registerView(
                    named(name), View.builder().setAggregation(Aggregation.drop()).build());
        }
        OpenTelemetrySdk openTelemetry =
                OpenTelemetrySdk.builder().setMeterProvider(provider.build()).build();
        Metrics metrics = new Metrics(registry, openTelemetry, registry::scrape);
        metrics.countVirtualMachine();
        return metrics;
    }

    private static InstrumentSelector named(String name) {
        return InstrumentSelector.builder().setName(name).build();
    }

    private void countVirtualMachine() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        // The scrape has a time of its own: who compares the two sees a clock that is wrong.
        Gauge.builder("millrace.clock.time", () -> Clock.SYSTEM.wallTime() / MILLIS)
                .description("What time this process takes it to be, in seconds since 1970")
                .baseUnit("seconds")
                .register(registry);
        garbageCollection.bindTo(registry);
        virtualThreads.bindTo(registry);
    }

    /** For what is counted through Micrometer. */
    public MeterRegistry registry() {
        return registry;
    }

    /** For what is counted through OpenTelemetry. */
    public OpenTelemetry openTelemetry() {
        return openTelemetry;
    }

    /** The value of a gauge without labels that differ; not a number where there is none. */
    public double gauge(String name) {
        Gauge gauge = registry.find(name).gauge();
        return gauge == null ? Double.NaN : gauge.value();
    }

    /** Everything, in Prometheus's text format. */
    public String scrape() {
        return scrape.get();
    }

    @Override
    public void close() {
        virtualThreads.close();
        garbageCollection.close();
        openTelemetry.close();
        registry.close();
    }
}
