package dev.millrace.bootstrap.service;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** How far the start has come: what needs a step waits for it. Thread-safe. */
final class Startup {

    /** What is brought up in the background. */
    enum Step {
        /** The database's schema is as new as this version needs. */
        SCHEMA,
        /** Topics, their schemas and subscriptions are as configured. */
        TOPICS,
        /** The lanes have been started. */
        LANES
    }

    private final Map<Step, CountDownLatch> latches = new EnumMap<>(Step.class);

    /**
     * @param expected the steps that the roles of this process need
     */
    Startup(Set<Step> expected) {
        for (Step step : EnumSet.allOf(Step.class)) {
            latches.put(step, new CountDownLatch(expected.contains(step) ? 1 : 0));
        }
    }

    void done(Step step) {
        latch(step).countDown();
    }

    /** Waits until a step is done; one that is not expected is done from the beginning. */
    void await(Step step) throws InterruptedException {
        latch(step).await();
    }

    boolean isDone(Step step) {
        return latch(step).getCount() == 0;
    }

    boolean isComplete() {
        return latches.values().stream().allMatch(latch -> latch.getCount() == 0);
    }

    private CountDownLatch latch(Step step) {
        return Objects.requireNonNull(latches.get(step));
    }
}
