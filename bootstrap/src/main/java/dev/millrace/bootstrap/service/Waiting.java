package dev.millrace.bootstrap.service;

import dev.millrace.domain.Backoff;
import dev.millrace.ports.Condition;
import dev.millrace.ports.Unavailable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Tries until what is needed is there: an outage at the start is waited for like any other. */
final class Waiting {

    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    private final Backoff backoff;
    private final DoubleSupplier random;
    private final Readiness readiness;

    Waiting(Backoff backoff, DoubleSupplier random, Readiness readiness) {
        this.backoff = backoff;
        this.random = random;
        this.readiness = readiness;
    }

    /**
     * Runs a step until it gets through.
     *
     * @param what is waited for, for a person
     * @param condition that is unmet until then, and says why
     * @throws InterruptedException when the service stops meanwhile
     */
    void until(String what, String condition, Runnable step) throws InterruptedException {
        int failures = 0;
        String told = "";
        while (true) {
            try {
                step.run();
                readiness.ask(condition, () -> Condition.met(condition));
                if (failures > 0) {
                    LOG.info("{} is there", what);
                }
                return;
            } catch (Unavailable outage) {
                failures++;
                String why = Words.of(outage);
                readiness.expect(condition, why);
                if (!why.equals(told)) {
                    LOG.warn("waiting for {}: {}", what, why);
                    told = why;
                }
                Duration delay = backoff.delay(failures, random.getAsDouble());
                LOG.debug("trying {} again in {} ms: {}", what, delay.toMillis(), why);
                Thread.sleep(delay);
            }
        }
    }
}
