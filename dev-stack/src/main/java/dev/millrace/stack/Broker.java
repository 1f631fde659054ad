package dev.millrace.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The broker's process: writes its configuration, starts and stops it. Not thread-safe. */
final class Broker {
    private static final String MAIN = "dev.millrace.stack.broker.BrokerProcess";

    /** Names flags for the virtual machine of a broker that does not live long, as in tests. */
    private static final String MORE_FLAGS = "millrace.stack.broker.flags";

    private static final Duration START_BOUND = Duration.ofMinutes(3);

    /** A little above the bound after which the process halts by itself. */
    private static final Duration STOP_BOUND = Duration.ofSeconds(13);

    private static final List<String> FLAGS =
            List.of(
                    "-Xms128m",
                    "-Xmx640m",
                    "-XX:MaxDirectMemorySize=512m",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    // Netty, BookKeeper and the broker's own gauges reach into the JDK.
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.platform=ALL-UNNAMED",
                    "--add-opens=java.management/sun.management=ALL-UNNAMED",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dio.netty.tryReflectionSetAccessible=true",
                    "-Djava.net.preferIPv4Stack=true");

    private final StackDirectory directory;
    private final StackRuntime runtime;
    private final int port;
    private final int adminPort;
    private final Map<String, String> settings;
    private Optional<Child> child = Optional.empty();

    /**
     * @param settings of the broker's configuration, which replace the stack's own
     */
    Broker(
            StackDirectory directory,
            StackRuntime runtime,
            int port,
            int adminPort,
            Map<String, String> settings) {
        this.directory = directory;
        this.runtime = runtime;
        this.port = port;
        this.adminPort = adminPort;
        this.settings = settings;
    }

    /** Returns when the broker takes requests. */
    void start() {
        if (isAlive()) {
            throw new StackFailure("the broker is running already");
        }
        Path home = directory.broker();
        StackFiles.createDirectory(home.resolve("data"));
        StackFiles.deleteIfExists(home.resolve("ready"));
        configure(home);
        Child started =
                Child.start(
                        List.of(StackRuntime.java(), "@" + home.resolve("java.args")),
                        home,
                        directory.log("broker.out"));
        child = Optional.of(started);
        ProcessId.of(started.handle()).write(directory.brokerPidFile());
        awaitReady(started, home.resolve("ready"));
    }

    private void configure(Path home) {
        Path data = home.resolve("data");
        StackFiles.write(
                home.resolve("broker.conf"),
                StackFiles.resource("broker.conf")
                        + "\nmetadataStoreUrl=rocksdb://"
                        + data.resolve("metadata")
                        + "\nbrokerServicePort="
                        + port
                        + "\nwebServicePort="
                        + adminPort
                        + "\n"
                        // Where a name stands twice, the last one counts.
                        + settings.entrySet().stream()
                                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                                .collect(Collectors.joining()));
        StackFiles.write(
                home.resolve("bookie.conf"),
                StackFiles.resource("bookie.conf")
                        + "\njournalDirectories="
                        + data.resolve("journal")
                        + "\nledgerDirectories="
                        + data.resolve("ledgers")
                        + "\n");
        Path logging = home.resolve("log4j2.properties");
        StackFiles.write(logging, StackFiles.resource("broker-log4j2.properties"));

        List<String> arguments = new ArrayList<>(FLAGS);
        // The first broker to stop leaves its loaded classes there: with them a start takes half
        // the processor time. A file that does not fit, or cannot be written, is passed over.
        arguments.add("-XX:SharedArchiveFile=" + runtime.brokerClasses());
        arguments.add("-XX:+AutoCreateSharedArchive");
        arguments.add("-Xlog:cds=off");
        arguments.add("-Xlog:aot=off");
        arguments.addAll(moreFlags());
        arguments.add("-Dlog4j2.configurationFile=" + logging);
        arguments.add("-Dmillrace.stack.logs=" + directory.log("broker.log").getParent());
        arguments.add("-cp");
        arguments.add(runtime.brokerClassPath());
        arguments.add(MAIN);
        arguments.add(home.toString());
        StackFiles.write(
                home.resolve("java.args"),
                arguments.stream().map(Broker::quote).collect(Collectors.joining("\n", "", "\n")));
    }

    private static List<String> moreFlags() {
        return Arrays.stream(System.getProperty(MORE_FLAGS, "").split(" "))
                .filter(flag -> !flag.isEmpty())
                .toList();
    }

    /** As the java command reads its argument files. */
    private static String quote(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void awaitReady(Child started, Path ready) {
        boolean done = Waiting.until(START_BOUND, () -> Files.exists(ready) || !started.isAlive());
        if (done && started.isAlive()) {
            return;
        }
        String how =
                started.isAlive()
                        ? "did not get ready within " + START_BOUND.toSeconds() + " s"
                        : "ended with status " + started.exitStatus();
        kill();
        throw new StackFailure(
                "the broker "
                        + how
                        + "; the end of "
                        + directory.log("broker.log")
                        + ":\n"
                        + StackFiles.tail(directory.log("broker.log"), 15)
                        + "\n"
                        + StackFiles.tail(directory.log("broker.out"), 15));
    }

    boolean isAlive() {
        return child.map(Child::isAlive).orElse(false);
    }

    long pid() {
        return child.orElseThrow(() -> new StackFailure("the broker was never started")).pid();
    }

    int exitStatus() {
        return child.filter(started -> !started.isAlive()).map(Child::exitStatus).orElse(0);
    }

    void kill() {
        child.ifPresent(Child::kill);
    }

    void stop() {
        child.ifPresent(started -> started.stop(STOP_BOUND));
    }
}
