package dev.millrace.ports.driving;

import dev.millrace.domain.AuditReport;
import dev.millrace.domain.Period;
import dev.millrace.domain.SubscriptionId;

import java.util.function.Consumer;

/**
 * Holds the tables of a subscription against its topic: whether nothing accepted is lost and
 * nothing is recorded that was not accepted. Thread-safe; changes nothing, and needs no pause of
 * the traffic.
 */
@FunctionalInterface
public interface AuditSubscription {

    /**
     * Audits what the topic holds of a period. It takes as long as reading it does; memory does not
     * grow with it.
     *
     * @param notes is told what is found, as it is found; what it throws ends the audit
     * @throws dev.millrace.ports.Unavailable when the broker or the database is away; what was told
     *     before stands
     */
    AuditReport audit(SubscriptionId subscription, Period period, Consumer<AuditNote> notes);
}
