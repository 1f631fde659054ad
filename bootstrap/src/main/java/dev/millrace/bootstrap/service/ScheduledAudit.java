package dev.millrace.bootstrap.service;

import dev.millrace.domain.AuditReport;
import dev.millrace.domain.Difference;
import dev.millrace.domain.Period;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driving.AuditNote;
import dev.millrace.ports.driving.AuditSubscription;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Audits a subscription from time to time, each time what was published within the last two
 * intervals: so the cost is that of the traffic, and every copy is looked at twice, once when it is
 * surely handled.
 */
final class ScheduledAudit {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduledAudit.class);

    /** So many differences are named in the log; the rest is for the command. */
    private static final int NAMED = 20;

    private final AuditSubscription audit;
    private final SubscriptionId subscription;
    private final Duration interval;
    private final InstantSource clock;

    ScheduledAudit(
            AuditSubscription audit,
            SubscriptionId subscription,
            Duration interval,
            InstantSource clock) {
        this.audit = Objects.requireNonNull(audit);
        this.subscription = Objects.requireNonNull(subscription);
        this.interval = Objects.requireNonNull(interval);
        this.clock = Objects.requireNonNull(clock);
    }

    /** Goes on until the thread is interrupted. */
    void run() throws InterruptedException {
        while (true) {
            Thread.sleep(interval);
            once();
        }
    }

    private void once() {
        Instant from = clock.instant().minus(interval.multipliedBy(2));
        Names names = new Names();
        try {
            AuditReport report =
                    audit.audit(subscription, new Period(from, Instant.MAX), names::take);
            if (report.balances()) {
                LOG.debug("the audit of {} balances: {}", subscription, report.copies());
            } else {
                LOG.error(
                        "the audit of {} found {} differences: millrace audit names all of them",
                        subscription,
                        report.differences());
            }
        } catch (Unavailable outage) {
            LOG.warn("the audit of {} waits for its next time: {}", subscription, Words.of(outage));
        }
    }

    /** Names the first differences in the log. */
    private final class Names {
        private int named;

        void take(AuditNote note) {
            if (note instanceof AuditNote.Found(Difference difference) && named < NAMED) {
                named++;
                LOG.atError()
                        .addKeyValue("messageId", difference.messageId())
                        .addKeyValue("position", difference.position())
                        .log(
                                "the audit of {} found {}: {}",
                                subscription,
                                difference.kind().word(),
                                difference.detail());
            }
        }
    }
}
