package dev.millrace.benchmarks.drain;

import dev.millrace.benchmarks.process.Addresses;
import dev.millrace.benchmarks.process.Failure;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The topic of a measurement, in a namespace of its own, which closing deletes. */
public final class Topic implements AutoCloseable {

    private static final String TENANT = "millrace";
    private static final String STREAM = "ledger-entries";

    private final String serviceUrl;
    private final URI admin;
    private final String namespace;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /**
     * @param namespace a name that nobody uses; a service creates it with the topic
     */
    public Topic(Addresses stack, String namespace) {
        this.serviceUrl = stack.get("pulsar.service-url");
        this.admin = URI.create(stack.get("pulsar.admin-url"));
        this.namespace = Objects.requireNonNull(namespace);
    }

    /** The settings that make a service use it. */
    public Map<String, String> settings() {
        return Map.of(
                "MILLRACE_PULSAR_SERVICE_URL", serviceUrl,
                "MILLRACE_PULSAR_ADMIN_URL", admin.toString(),
                "MILLRACE_TENANT", TENANT,
                "MILLRACE_NAMESPACE", namespace);
    }

    /** Creates a subscription that has everything that is published from now on. */
    public void subscribe(String subscription) throws InterruptedException {
        call("PUT", "/admin/v2/persistent/" + path() + "/subscription/" + subscription);
    }

    private String path() {
        return TENANT + "/" + namespace + "/" + STREAM;
    }

    private void call(String method, String path) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(admin.resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new Failure(
                        "the broker refused "
                                + method
                                + " "
                                + path
                                + ": HTTP "
                                + response.statusCode()
                                + " "
                                + response.body());
            }
        } catch (IOException failure) {
            throw new Failure(
                    "the broker does not answer at " + admin + ": " + failure.getMessage(),
                    failure);
        }
    }

    /**
     * What lies in the topic.
     *
     * @param entries what the broker stores, dispatches and acknowledges as one
     * @param eventsByBucket how many events each ordering key of each partition has
     */
    public record Contents(long events, long entries, Map<String, Long> eventsByBucket) {
        public Contents {
            eventsByBucket = Map.copyOf(eventsByBucket);
        }
    }

    /** Reads all of it. */
    public Contents read() {
        long events = 0;
        Set<String> entries = new HashSet<>();
        Map<String, Long> buckets = new TreeMap<>();
        try (PulsarClient client = PulsarClient.builder().serviceUrl(serviceUrl).build()) {
            for (String partition :
                    client.getPartitionsForTopic("persistent://" + path(), true).join()) {
                String number = partition.substring(partition.lastIndexOf('-') + 1);
                try (Reader<byte[]> reader =
                        client.newReader(Schema.BYTES)
                                .topic(partition)
                                .startMessageId(MessageId.earliest)
                                .create()) {
                    while (reader.hasMessageAvailable()) {
                        Message<byte[]> message = reader.readNext(10, TimeUnit.SECONDS);
                        if (message == null) {
                            throw new Failure("the broker does not hand out all of " + partition);
                        }
                        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
                        entries.add(id.getLedgerId() + ":" + id.getEntryId());
                        buckets.merge(number + "/" + bucket(message), 1L, Long::sum);
                        events++;
                    }
                }
            }
        } catch (IOException failure) {
            throw new Failure("the topic cannot be read: " + failure.getMessage(), failure);
        }
        return new Contents(events, entries.size(), buckets);
    }

    /** An ordering key that is no text is shown in digits. */
    private static String bucket(Message<byte[]> message) {
        byte[] key = message.getOrderingKey();
        if (key == null) {
            return "-";
        }
        String text = new String(key, StandardCharsets.UTF_8);
        return text.matches("[A-Za-z0-9._-]+") ? text : HexFormat.of().formatHex(key);
    }

    @Override
    public void close() {
        try {
            call("DELETE", "/admin/v2/persistent/" + path() + "/partitions?force=true");
            call("DELETE", "/admin/v2/namespaces/" + TENANT + "/" + namespace);
        } catch (Failure | InterruptedException left) {
            // What is left lies in a namespace of its own and disturbs nobody.
            if (left instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        } finally {
            http.shutdownNow();
        }
    }
}
