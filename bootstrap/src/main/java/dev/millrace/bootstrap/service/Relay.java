package dev.millrace.bootstrap.service;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.usecase.DeadLetterRelaying;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;

/** Has one subscription's entries into quarantine published until the service stops. */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    /** A bug is not met again at once. */
    private static final Duration AFTER_BUG = Duration.ofSeconds(10);

    private final SubscriptionId subscription;
    private final DeadLetterRelaying relaying;
    private Optional<String> told = Optional.empty();

    Relay(SubscriptionId subscription, DeadLetterRelaying relaying) {
        this.subscription = subscription;
        this.relaying = relaying;
    }

    /** Relays until it is interrupted. */
    void run() throws InterruptedException {
        while (true) {
            Duration pause = relayOnce();
            tell();
            Thread.sleep(pause);
        }
    }

    private Duration relayOnce() {
        try {
            return relaying.relay();
        } catch (RuntimeException bug) {
            LOG.error("dead letters of {} could not be published", subscription, bug);
            return AFTER_BUG;
        }
    }

    /** Once when it begins to pause, and again only for another cause. */
    private void tell() {
        Optional<String> trouble = relaying.trouble();
        if (!trouble.equals(told) && !Thread.currentThread().isInterrupted()) {
            trouble.ifPresent(why ->
                    LOG.warn("dead letters of {} wait in the database: {}", subscription, why));
        }
        told = trouble;
    }
}
