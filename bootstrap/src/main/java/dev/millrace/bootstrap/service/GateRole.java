package dev.millrace.bootstrap.service;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;

import dev.millrace.adapters.http.StreamGate;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.bootstrap.metrics.CapacityGauges;
import dev.millrace.bootstrap.metrics.PartitionGauges;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.usecase.EventIngestion;

import java.util.concurrent.Semaphore;

/** The role that takes events in. */
final class GateRole {

    private static final String CONDITION = "gate.broker";

    private final Common common;
    private final PulsarConnection pulsar;
    private final Slot publishers;
    private final int limit;
    private final Semaphore underWay;
    private final NoArgGenerator uuids = Generators.timeBasedEpochGenerator();

    /**
     * @param publishers where the publisher goes in the order of closing
     */
    GateRole(Common common, PulsarConnection pulsar, Slot publishers) {
        this.common = common;
        this.pulsar = pulsar;
        this.publishers = publishers;
        this.limit = common.configuration().maxEventsUnderWay();
        this.underWay = new Semaphore(limit);
        CapacityGauges.gate(common.metrics().registry(), this::underWay);
    }

    private int underWay() {
        return limit - underWay.availablePermits();
    }

    /** What the gate serves for a stream; it publishes once the topics are as configured. */
    <E> StreamGate<E> open(StreamParts<E, ?, ?> parts) {
        DeferredPublisher<E> publisher = new DeferredPublisher<>();
        common.measurements().expect(parts.stream().name());
        common.flow()
                .gate(
                        parts.stream().name(),
                        this::underWay,
                        limit,
                        () -> common.readiness().isMet(CONDITION));
        common.readiness().expect(CONDITION, "the topic has not been looked at yet");
        common.background().start("gate-start", () -> publish(parts, publisher));
        return new StreamGate<>(
                parts.stream().name(),
                parts.reader(),
                new EventIngestion<>(
                        parts.stream(),
                        publisher,
                        () -> new MessageId(uuids.generate().toString()),
                        underWay,
                        common.configuration().retryAfter(),
                        common.measurements()));
    }

    private <E> void publish(StreamParts<E, ?, ?> parts, DeferredPublisher<E> deferred)
            throws InterruptedException {
        common.startup().await(Startup.Step.TOPICS);
        PulsarPublisher<E> publisher =
                PulsarPublisher.start(
                        pulsar,
                        common.configuration().topic(parts.stream().name()),
                        common.configuration().publisher(),
                        parts.codec(),
                        common.clock(),
                        common.measurements());
        publishers.fill(publisher::close);
        deferred.become(
                common.spans()
                        .publisher(
                                publisher,
                                new TopicName(
                                        common.configuration().tenant(),
                                        common.configuration().namespace(),
                                        parts.stream().name())));
        common.readiness().ask(CONDITION, () -> publisher.condition(CONDITION));
        PartitionGauges.register(
                common.metrics().registry(),
                common.configuration().tenant(),
                parts.stream().name(),
                common.configuration().topic(parts.stream().name()).partitions(),
                publisher::partitions);
    }
}
