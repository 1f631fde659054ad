package dev.millrace.adapters.pulsar.driving;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashSet;
import java.util.Set;

/**
 * One kind of trouble of all lanes of a subscription, logged once when the first lane meets it and
 * once when the last is out of it. Thread-safe.
 */
final class Trouble {

    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    private final String what;
    private final Set<Lane<?>> met = new HashSet<>();

    /**
     * @param what goes wrong and where, for the log
     */
    Trouble(String what) {
        this.what = what;
    }

    synchronized void began(Lane<?> lane, String why) {
        if (met.isEmpty()) {
            LOG.warn("{}: {}", what, why);
        }
        met.add(lane);
    }

    synchronized void ended(Lane<?> lane) {
        if (met.remove(lane) && met.isEmpty()) {
            LOG.info("{}: over", what);
        }
    }
}
