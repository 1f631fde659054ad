package dev.millrace.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The workers of a site, which come and go. Used by one thread. */
final class Fleet implements AutoCloseable {

    private final Site site;
    private final Path folder;
    private final Map<String, String> settings;
    private final List<ServiceProcess> workers = new ArrayList<>();
    private long redelivered;

    /**
     * @param settings of each worker
     */
    Fleet(Site site, Path folder, Map<String, String> settings) {
        this.site = site;
        this.folder = folder;
        this.settings = settings;
    }

    /** Starts one more; it is not ready yet. */
    ServiceProcess join() {
        ServiceProcess worker = ServiceProcess.start(site, folder, settings);
        workers.add(worker);
        return worker;
    }

    /** SIGTERM for a worker that is at work: it drains and ends. */
    void leave(SplittableRandom random) {
        ServiceProcess worker = anyAtWork(random);
        redelivered += worker.events("redelivered");
        workers.remove(worker);
        if (worker.terminate() != 0) {
            throw new IllegalStateException("it did not end well: " + worker.log());
        }
    }

    /** SIGKILL for a worker that is at work, and another process in its place. */
    void replace(SplittableRandom random) {
        ServiceProcess worker = anyAtWork(random);
        redelivered += worker.events("redelivered");
        workers.remove(worker);
        worker.kill();
        join();
    }

    /** A worker that is ready, so that what is done to it is done to its consumers too. */
    ServiceProcess anyAtWork(SplittableRandom random) {
        ServiceProcess worker = workers.get(random.nextInt(workers.size()));
        worker.awaitReadiness(true);
        return worker;
    }

    /** Waits until every one of them is ready. */
    void awaitReadiness() {
        workers.forEach(worker -> worker.awaitReadiness(true));
    }

    int size() {
        return workers.size();
    }

    /** How many deliveries were found to be done already, as far as the workers lived to tell. */
    long redelivered() {
        return redelivered
                + workers.stream().mapToLong(worker -> worker.events("redelivered")).sum();
    }

    @Override
    public void close() {
        workers.forEach(ServiceProcess::close);
    }
}
