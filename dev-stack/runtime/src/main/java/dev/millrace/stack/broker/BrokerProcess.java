package dev.millrace.stack.broker;

import org.apache.bookkeeper.bookie.BookieResources;
import org.apache.bookkeeper.common.component.LifecycleComponentStack;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.bookkeeper.discover.RegistrationManager;
import org.apache.bookkeeper.meta.MetadataBookieDriver;
import org.apache.bookkeeper.server.Main;
import org.apache.bookkeeper.server.conf.BookieConfiguration;
import org.apache.bookkeeper.stats.NullStatsLogger;
import org.apache.bookkeeper.util.BookKeeperConstants;
import org.apache.pulsar.PulsarStandalone;
import org.apache.pulsar.broker.ServiceConfiguration;
import org.apache.pulsar.common.configuration.PulsarConfigurationLoader;
import org.apache.pulsar.metadata.api.MetadataStoreConfig;
import org.apache.pulsar.metadata.api.extended.MetadataStoreExtended;
import org.apache.pulsar.metadata.bookkeeper.AbstractMetadataDriver;
import org.apache.pulsar.metadata.bookkeeper.PulsarMetadataBookieDriver;
import org.apache.pulsar.metadata.bookkeeper.PulsarMetadataClientDriver;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs a Pulsar standalone broker with its metadata store and one bookie in this process.
 *
 * <p>The argument is the broker's directory, which holds {@code broker.conf} and {@code
 * bookie.conf}. The file {@code ready} appears in it when the broker takes requests. The process
 * shuts down in order when its standard input ends or on SIGTERM, and halts if that takes longer
 * than {@value #SHUTDOWN_SECONDS} seconds.
 *
 * <p>The bookie is started here, and not by the standalone's own {@code BKCluster}, because that
 * ties the data to the port of the first start: once another process has taken the port, the data
 * could not be served any more. Here the bookie has a name, and finds a free port each time.
 */
public final class BrokerProcess {
    private static final int SHUTDOWN_SECONDS = 10;
    private static final Logger WADL = Logger.getLogger("org.glassfish.jersey.server.wadl");

    private static volatile boolean shuttingDown;

    private final Path directory;

    private BrokerProcess(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        // It would say at each start that a feature is missing that nobody wants.
        WADL.setLevel(Level.OFF);
        Thread.ofPlatform().daemon().name("standard-input").start(BrokerProcess::exitAtEndOfInput);
        try {
            new BrokerProcess(directory).run();
        } catch (Throwable failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void exitAtEndOfInput() {
        try (InputStream input = System.in) {
            while (input.read() >= 0) {
                // Nothing is ever said on this pipe; only its end counts.
            }
        } catch (IOException e) {
            // A pipe that cannot be read has ended, too.
        }
        System.exit(0);
    }

    private void run() throws Exception {
        ServiceConfiguration brokerConfiguration =
                PulsarConfigurationLoader.create(
                        directory.resolve("broker.conf").toString(), ServiceConfiguration.class);
        // The broker opens the same URL later and then shares this instance with its sync writes.
        MetadataStoreExtended metadata =
                MetadataStoreExtended.create(
                        brokerConfiguration.getMetadataStoreUrl(),
                        MetadataStoreConfig.builder()
                                .metadataStoreName(MetadataStoreConfig.METADATA_STORE)
                                .fsyncEnable(true)
                                .build());
        LifecycleComponentStack bookie =
                startBookie(metadata, brokerConfiguration.getMetadataStoreUrl());

        PulsarStandalone standalone = new PulsarStandalone();
        standalone.setConfig(brokerConfiguration);
        standalone.setOnlyBroker(true);
        standalone.setNoFunctionsWorker(true);
        standalone.setNoStreamStorage(true);
        // Its presence would select ZooKeeper, so it must be a place of our own.
        standalone.setZkDir(directory.resolve("zookeeper").toString());

        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .unstarted(() -> shutDown(standalone, bookie, metadata)));
        standalone.start();
        announce();
    }

    private LifecycleComponentStack startBookie(MetadataStoreExtended metadata, String metadataUrl)
            throws Exception {
        System.setProperty(
                "bookkeeper.metadata.bookie.drivers", PulsarMetadataBookieDriver.class.getName());
        System.setProperty(
                "bookkeeper.metadata.client.drivers", PulsarMetadataClientDriver.class.getName());
        ServerConfiguration configuration = new ServerConfiguration();
        configuration.loadConf(new File(directory.toFile(), "bookie.conf").toURI().toURL());
        configuration.setProperty(AbstractMetadataDriver.METADATA_STORE_INSTANCE, metadata);
        configuration.setMetadataServiceUri("metadata-store:" + metadataUrl);
        configuration.setListeningInterface(loopbackInterface());
        initializeOnce(metadata, configuration);
        LifecycleComponentStack bookie =
                Main.buildBookieServer(new BookieConfiguration(configuration));
        bookie.setExceptionHandler(BrokerProcess::haltWithoutBookie);
        // Started directly: BookKeeper's own starter adds a shutdown hook that would close the
        // bookie while the broker still writes to it.
        bookie.start();
        return bookie;
    }

    private static void haltWithoutBookie(Thread thread, Throwable failure) {
        // Also called for the watcher that finds the bookie stopped while all is shutting down.
        if (!shuttingDown) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(4);
        }
    }

    /** Lays out the bookies' part of the metadata. */
    private static void initializeOnce(
            MetadataStoreExtended metadata, ServerConfiguration configuration) throws Exception {
        if (metadata.exists("/ledgers/" + BookKeeperConstants.INSTANCEID).get()) {
            return;
        }
        try (MetadataBookieDriver driver =
                        BookieResources.createMetadataDriver(
                                configuration, NullStatsLogger.INSTANCE);
                RegistrationManager registration = driver.createRegistrationManager()) {
            registration.initNewCluster();
        }
    }

    /** Without a named interface the bookie would listen on all of them. */
    private static String loopbackInterface() throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(BrokerProcess::isLoopback)
                .map(NetworkInterface::getName)
                .findFirst()
                .orElseThrow(() -> new IOException("this machine has no loopback interface"));
    }

    private static boolean isLoopback(NetworkInterface candidate) {
        try {
            return candidate.isLoopback();
        } catch (IOException e) {
            return false;
        }
    }

    private void announce() throws IOException {
        Path unfinished = directory.resolve("ready.new");
        Files.writeString(unfinished, ProcessHandle.current().pid() + "\n");
        Files.move(unfinished, directory.resolve("ready"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void shutDown(
            PulsarStandalone standalone,
            LifecycleComponentStack bookie,
            MetadataStoreExtended metadata) {
        shuttingDown = true;
        Thread.ofPlatform().daemon().name("shutdown-bound").start(BrokerProcess::haltWhenOverdue);
        try {
            standalone.close();
            bookie.close();
            metadata.close();
        } catch (Exception e) {
            // All that was accepted is in the journal already, so the next start loses nothing.
            e.printStackTrace();
        }
    }

    private static void haltWhenOverdue() {
        try {
            Thread.sleep(TimeUnit.SECONDS.toMillis(SHUTDOWN_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(3);
    }
}
