package dev.millrace.e2e;

import dev.millrace.stack.EmbeddedStack;
import dev.millrace.stack.Endpoints;
import dev.millrace.stack.StackOptions;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Broker and database as processes of this machine. */
final class ProcessStack implements Stack {

    private final EmbeddedStack embedded;

    private ProcessStack(EmbeddedStack embedded) {
        this.embedded = embedded;
    }

    /**
     * Starts one.
     *
     * @param brokerSettings beside the stack's own
     */
    static ProcessStack start(Path folder, Map<String, String> brokerSettings) {
        StackOptions options = StackOptions.defaults().withFreshData();
        for (Map.Entry<String, String> setting : brokerSettings.entrySet()) {
            options = options.withBrokerSetting(setting.getKey(), setting.getValue());
        }
        return new ProcessStack(EmbeddedStack.start(folder.resolve("stack"), options));
    }

    @Override
    public Endpoints endpoints() {
        return embedded.endpoints();
    }

    @Override
    public void killBroker() {
        embedded.killBroker();
    }

    @Override
    public void startBroker() {
        embedded.startBroker();
    }

    @Override
    public void restartBroker() {
        embedded.restartBroker();
    }

    @Override
    public void suspendBroker() {
        Signal.STOP.send(embedded.brokerPid());
    }

    @Override
    public void resumeBroker() {
        Signal.CONT.send(embedded.brokerPid());
    }

    @Override
    public void killPostgres() {
        embedded.killPostgres();
    }

    @Override
    public void startPostgres() {
        embedded.startPostgres();
    }

    @Override
    public void suspendPostgres() {
        postgres().forEach(process -> Signal.STOP.send(process.pid()));
    }

    @Override
    public void resumePostgres() {
        postgres().forEach(process -> Signal.CONT.send(process.pid()));
    }

    /** The postmaster and all of its children. */
    private Stream<ProcessHandle> postgres() {
        ProcessHandle postmaster = ProcessHandle.of(embedded.postgresPid()).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants().toList().stream());
    }

    @Override
    public void close() {
        embedded.close();
    }
}
