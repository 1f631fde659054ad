package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicSettings;

import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.admin.Topics;
import org.apache.pulsar.common.partition.PartitionedTopicMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether the topic is still as declared while events are published. A declared subscription that
 * is missing on a partition keeps nothing, so that events stored meanwhile would be lost to it.
 * Partitions that somebody added are told about and not used, since each key's events have to stay
 * where its earlier ones are.
 *
 * <p>{@link #check} is called by one thread; the rest is thread-safe.
 */
final class TopicWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private final PulsarConnection connection;
    private final TopicSettings topic;
    private volatile Optional<String> obstacle =
            Optional.of("the subscriptions have not been checked yet");
    private volatile OptionalInt partitions = OptionalInt.empty();

    TopicWatch(PulsarConnection connection, TopicSettings topic) {
        this.connection = connection;
        this.topic = topic;
    }

    /** What is missing, as far as is known; empty when nothing is. */
    Optional<String> obstacle() {
        return obstacle;
    }

    /** How many partitions the topic has, as far as is known. */
    OptionalInt partitions() {
        return partitions;
    }

    /** How the number of partitions differs from the declared one; empty when it does not. */
    Optional<String> drift() {
        OptionalInt found = partitions;
        if (found.isEmpty() || found.getAsInt() == topic.partitions()) {
            return Optional.empty();
        }
        return Optional.of(
                "the topic "
                        + topic.name()
                        + " has "
                        + found.getAsInt()
                        + " partitions and "
                        + topic.partitions()
                        + " are declared: events go to the declared ones, where their keys are, but"
                        + " no process that starts now gets ready; docs/operations.md says what to"
                        + " do");
    }

    /** Looks anew. When the administration does not answer, what was known stands. */
    void check() throws InterruptedException {
        Topics topics = connection.admin().topics();
        CompletableFuture<PartitionedTopicMetadata> metadata =
                topics.getPartitionedTopicMetadataAsync(topic.name().toString());
        List<CompletableFuture<List<String>>> subscriptions = new ArrayList<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            subscriptions.add(topics.getSubscriptionsAsync(topic.name().partition(partition)));
        }
        try {
            obstacle = missing(subscriptions);
            notice(answer(metadata).partitions);
        } catch (ExecutionException | TimeoutException _) {
            // An administration that is away says nothing about the topic.
        }
    }

    private Optional<String> missing(List<CompletableFuture<List<String>>> answers)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (int partition = 0; partition < answers.size(); partition++) {
            Optional<String> missing = missing(partition, answers.get(partition));
            if (missing.isPresent()) {
                return missing;
            }
        }
        return Optional.empty();
    }

    private Optional<String> missing(int partition, CompletableFuture<List<String>> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        String name = topic.name().partition(partition);
        List<String> present;
        try {
            present = answer(answer);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof PulsarAdminException.NotFoundException) {
                return Optional.of("the topic " + name + " does not exist");
            }
            throw failure;
        }
        return topic.subscriptions().stream()
                .filter(declared -> !present.contains(declared))
                .findFirst()
                .map(declared -> "the subscription " + declared + " is missing on " + name);
    }

    private void notice(int found) {
        OptionalInt known = partitions;
        partitions = OptionalInt.of(found);
        if (!partitions.equals(known)) {
            drift().ifPresent(LOG::warn);
        }
    }

    private <T> T answer(CompletableFuture<T> request)
            throws InterruptedException, ExecutionException, TimeoutException {
        return request.get(
                connection.settings().operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
}
