package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicSettings;

import org.apache.pulsar.client.admin.PulsarAdminException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether every declared subscription exists on every partition. One that is missing keeps nothing,
 * so that events stored meanwhile would be lost to it.
 *
 * <p>{@link #check} is called by one thread; {@link #obstacle} is thread-safe.
 */
final class SubscriptionWatch {

    private final PulsarConnection connection;
    private final TopicSettings topic;
    private volatile Optional<String> obstacle =
            Optional.of("the subscriptions have not been checked yet");

    SubscriptionWatch(PulsarConnection connection, TopicSettings topic) {
        this.connection = connection;
        this.topic = topic;
    }

    /** What is missing, as far as is known; empty when nothing is. */
    Optional<String> obstacle() {
        return obstacle;
    }

    /** Looks anew. When the administration does not answer, what was known stands. */
    void check() throws InterruptedException {
        List<CompletableFuture<List<String>>> answers = new ArrayList<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            answers.add(
                    connection
                            .admin()
                            .topics()
                            .getSubscriptionsAsync(topic.name().partition(partition)));
        }
        try {
            for (int partition = 0; partition < answers.size(); partition++) {
                Optional<String> missing = missing(partition, answers.get(partition));
                if (missing.isPresent()) {
                    obstacle = missing;
                    return;
                }
            }
            obstacle = Optional.empty();
        } catch (ExecutionException | TimeoutException _) {
            // An administration that is away says nothing about the subscriptions.
        }
    }

    private Optional<String> missing(int partition, CompletableFuture<List<String>> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        String name = topic.name().partition(partition);
        List<String> present;
        try {
            long patience = connection.settings().operationTimeout().toMillis();
            present = answer.get(patience, TimeUnit.MILLISECONDS);
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
}
