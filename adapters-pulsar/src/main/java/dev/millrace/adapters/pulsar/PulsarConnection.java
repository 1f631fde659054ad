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
 * The one client and the one administration client of this process. Opening it asks nobody, so it
 * succeeds while the broker is away. Thread-safe.
 */
public final class PulsarConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PulsarConnection.class);

    /** The client's own default grows to a minute, in which a gate would refuse for nothing. */
    private static final int MAX_BACKOFF_SECONDS = 3;

    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    private final PulsarClient client;
    private final PulsarAdmin admin;
    private final PulsarSettings settings;

    private PulsarConnection(PulsarClient client, PulsarAdmin admin, PulsarSettings settings) {
        this.client = client;
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * Makes both clients; they connect when they are used.
     *
     * @param telemetry where the client's own metrics go
     */
    @SuppressWarnings("deprecation") // Only so can its statistics be kept out of the log.
    public static PulsarConnection open(PulsarSettings settings, OpenTelemetry telemetry) {
        int timeout = Math.toIntExact(settings.operationTimeout().toMillis());
        try {
            PulsarClient client =
                    PulsarClient.builder()
                            .serviceUrl(settings.serviceUrl())
                            .openTelemetry(telemetry)
                            .operationTimeout(timeout, TimeUnit.MILLISECONDS)
                            .lookupTimeout(timeout, TimeUnit.MILLISECONDS)
                            .connectionTimeout(CONNECT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                            .keepAliveInterval(
                                    Math.toIntExact(settings.keepAlive().toSeconds()),
                                    TimeUnit.SECONDS)
                            .maxBackoffInterval(MAX_BACKOFF_SECONDS, TimeUnit.SECONDS)
                            .memoryLimit(settings.memoryLimitBytes(), SizeUnit.BYTES)
                            .connectionsPerBroker(1)
                            .statsInterval(0, TimeUnit.SECONDS)
                            .build();
            PulsarAdmin admin =
                    PulsarAdmin.builder()
                            .serviceHttpUrl(settings.adminUrl())
                            .connectionTimeout(CONNECT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                            .readTimeout(timeout, TimeUnit.MILLISECONDS)
                            .requestTimeout(timeout, TimeUnit.MILLISECONDS)
                            .build();
            return new PulsarConnection(client, admin, settings);
        } catch (PulsarClientException wrongSettings) {
            throw new IllegalStateException("the settings do not make a client", wrongSettings);
        }
    }

    /** The client of the binary protocol. */
    public PulsarClient client() {
        return client;
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
     * Closes both clients, within the operation timeout. What still uses them fails. Doing it again
     * does nothing.
     */
    @Override
    public void close() {
        if (client.isClosed()) {
            return;
        }
        CompletableFuture<Void> closed = client.closeAsync();
        try {
            closed.get(settings.operationTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unclean) {
            LOG.warn("The broker's client did not close cleanly: {}", unclean.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        admin.close();
    }
}
