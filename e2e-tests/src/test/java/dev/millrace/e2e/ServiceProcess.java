package dev.millrace.e2e;

import static org.awaitility.Awaitility.await;

import static java.util.concurrent.TimeUnit.SECONDS;

import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * One service, run from its packaged directory. It holds the other end of our pipe, so that it
 * stops when this test run does, whatever happens. When it has ended, its log is searched for what
 * it must not hold.
 */
final class ServiceProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Site site;
    private final Path log;
    private final Path endpoints;

    private ServiceProcess(Process process, Site site, Path log, Path endpoints) {
        this.process = process;
        this.site = site;
        this.log = log;
        this.endpoints = endpoints;
    }

    /** Starts one; it is not ready yet. */
    static ServiceProcess start(Site site, Path folder, Map<String, String> settings) {
        AheadOfTime.prepare(site.endpoints());
        return start(site, folder, settings, Programs.Launch.usual());
    }

    /** The same in a virtual machine of its own kind. */
    static ServiceProcess start(
            Site site, Path folder, Map<String, String> settings, Programs.Launch launch) {
        try {
            Path directory = Files.createTempDirectory(folder, "service");
            Map<String, String> environment = new HashMap<>(site.environment(directory));
            environment.putAll(settings);
            Path log = directory.resolve("service.log");
            Process process =
                    Programs.service(launch, environment, "serve", "--stop-at-end-of-input")
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            return new ServiceProcess(
                    process, site, log, directory.resolve("endpoints.properties"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts one and waits until it is ready. */
    static ServiceProcess ready(Site site, Path folder, Map<String, String> settings) {
        ServiceProcess service = start(site, folder, settings);
        service.awaitReadiness(true);
        return service;
    }

    /** Waits until readiness is as wished. */
    void awaitReadiness(boolean wished) {
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> isReady() == wished);
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("not ready=" + wished + " in time: " + tailOfLog(), late);
        }
    }

    boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the service has ended: " + tailOfLog());
        }
        return saysReady();
    }

    /** The same of one that may have ended. */
    boolean saysReady() {
        return hasStarted() && Http.get(management().resolve("/health/ready")).status() == 200;
    }

    /** Whether it has told its addresses. */
    boolean hasStarted() {
        Properties addresses = addresses();
        return addresses.containsKey("management.url");
    }

    URI gate() {
        return URI.create(addresses().getProperty("gate.url") + "/");
    }

    URI management() {
        return URI.create(addresses().getProperty("management.url") + "/");
    }

    private Properties addresses() {
        Properties addresses = new Properties();
        if (Files.exists(endpoints)) {
            try (InputStream in = Files.newInputStream(endpoints)) {
                addresses.load(in);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return addresses;
    }

    /** The sum of a metric's samples with this label, as {@code label="value"}. */
    double metric(String name, String label) {
        return metric(management(), name, label);
    }

    /** The same of any service, by its management port. */
    static double metric(URI management, String name, String label) {
        return Http.get(management.resolve("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it answers when asked whether it is ready. */
    String readiness() {
        return hasStarted() ? Http.get(management().resolve("/health/ready")).body() : "";
    }

    /** How many events it has brought to this outcome since it started. */
    long events(String outcome) {
        return (long) metric("millrace_processing_events_total", "outcome=\"" + outcome + "\"");
    }

    /** SIGSTOP: it stands still, with all that it holds open. */
    void suspend() {
        Signal.STOP.send(pid());
    }

    /** SIGCONT. */
    void resume() {
        Signal.CONT.send(pid());
    }

    /** SIGKILL, and waits for its death. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, and waits until it has drained and ended. */
    int terminate() {
        askToEnd();
        return awaitExit();
    }

    /** SIGTERM. A second one ends it at once. */
    void askToEnd() {
        process.destroy();
    }

    /** Waits until it has ended. */
    int awaitExit() {
        awaitEnd();
        return process.exitValue();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the service did not end: " + tailOfLog());
            }
            Planted.requireNoneIn(log(), site.endpoints().postgresPassword());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String tailOfLog() {
        String text = log();
        return text.substring(Math.max(0, text.length() - 4_000));
    }

    @Override
    public void close() {
        kill();
    }
}
