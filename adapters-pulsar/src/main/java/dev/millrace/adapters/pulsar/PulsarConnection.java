package dev.millrace.adapters.pulsar;

import io.opentelemetry.api.OpenTelemetry;

import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SizeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The clients of this process: one for the traffic, one to look things up, one for the
 * administration. Opening them asks nobody, so it succeeds while the broker is away. Thread-safe.
 */
public final class PulsarConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PulsarConnection.class);

    /** The client's own default grows to a minute, in which a gate would refuse for nothing. */
    private static final int MAX_BACKOFF_SECONDS = 3;

    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    private final PulsarClient client;
    private final PulsarClient reading;
    private final PulsarAdmin admin;
    private final PulsarSettings settings;

    private PulsarConnection(
            PulsarClient client, PulsarClient reading, PulsarAdmin admin, PulsarSettings settings) {
        this.client = client;
        this.reading = reading;
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * Makes the clients; they connect when they are used.
     *
     * @param telemetry where the metrics of the traffic's client go
     */
    public static PulsarConnection open(PulsarSettings settings, OpenTelemetry telemetry) {
        int timeout = timeoutMillis(settings);
        try {
            PulsarClient client = client(settings, telemetry);
            PulsarClient reading = client(settings, OpenTelemetry.noop());
            PulsarAdmin admin =
                    PulsarAdmin.builder()
                            .serviceHttpUrl(settings.adminUrl())
                            .connectionTimeout(CONNECT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                            .readTimeout(timeout, TimeUnit.MILLISECONDS)
                            .requestTimeout(timeout, TimeUnit.MILLISECONDS)
                            .build();
            return new PulsarConnection(client, reading, admin, settings);
        } catch (PulsarClientException wrongSettings) {
            throw new IllegalStateException("the settings do not make a client", wrongSettings);
        }
    }

    @SuppressWarnings("deprecation") // Only so can its statistics be kept out of the log.
    private static PulsarClient client(PulsarSettings settings, OpenTelemetry telemetry)
            throws PulsarClientException {
        int timeout = timeoutMillis(settings);
        return PulsarClient.builder()
                .serviceUrl(settings.serviceUrl())
                .openTelemetry(telemetry)
                .operationTimeout(timeout, TimeUnit.MILLISECONDS)
                .lookupTimeout(timeout, TimeUnit.MILLISECONDS)
                .connectionTimeout(CONNECT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .keepAliveInterval(
                        Math.toIntExact(settings.keepAlive().toSeconds()), TimeUnit.SECONDS)
                .maxBackoffInterval(MAX_BACKOFF_SECONDS, TimeUnit.SECONDS)
                .memoryLimit(settings.memoryLimitBytes(), SizeUnit.BYTES)
                .connectionsPerBroker(1)
                .statsInterval(0, TimeUnit.SECONDS)
                .build();
    }

    private static int timeoutMillis(PulsarSettings settings) {
        return Math.toIntExact(settings.operationTimeout().toMillis());
    }

    /** The traffic's client: for producers and for the consumers of subscriptions. */
    public PulsarClient client() {
        return client;
    }

    /**
     * For readers. It has a connection of its own, so that a long read does not hold up the
     * traffic, and is not measured: each reader is a subscription with a name made up for it, which
     * would leave its series behind.
     */
    public PulsarClient reading() {
        return reading;
    }

    /** The client of the administration. */
    public PulsarAdmin admin() {
        return admin;
    }

    /** What it was opened with. */
    public PulsarSettings settings() {
        return settings;
    }

    /**
     * Closes the clients, within the operation timeout. What still uses them fails. Doing it again
     * does nothing.
     */
    @Override
    public void close() {
        if (client.isClosed()) {
            return;
        }
        CompletableFuture<Void> closed =
                CompletableFuture.allOf(client.closeAsync(), reading.closeAsync());
        try {
            closed.get(settings.operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unclean) {
            LOG.warn("The broker's clients did not close cleanly: {}", unclean.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        admin.close();
    }
}
