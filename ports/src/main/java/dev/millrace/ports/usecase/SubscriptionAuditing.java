package dev.millrace.ports.usecase;

import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.AuditReport;
import dev.millrace.domain.Period;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.TopicLog;
import dev.millrace.ports.driven.Tracing;
import dev.millrace.ports.driving.AuditNote;
import dev.millrace.ports.driving.AuditSubscription;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Audits subscriptions while they work.
 *
 * <p>What was acknowledged is asked before the tables are: an acknowledgement follows the commit of
 * what it is about, so whatever was acknowledged then is in the tables from then on. What is
 * handled after that moment is in flight, or has its traces already, and is never a difference.
 */
public final class SubscriptionAuditing implements AuditSubscription {

    /**
     * A record that is younger is left to the next audit. Its transaction may have been open when
     * the audit began, however far the clocks of the two machines agree: none is open for as long.
     */
    private static final Duration SETTLING = Duration.ofMinutes(1);

    private final TopicLog topic;
    private final Tracing tables;
    private final InstantSource clock;

    public SubscriptionAuditing(TopicLog topic, Tracing tables, InstantSource clock) {
        this.topic = Objects.requireNonNull(topic);
        this.tables = Objects.requireNonNull(tables);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public AuditReport audit(
            SubscriptionId subscription, Period period, Consumer<AuditNote> notes) {
        Instant settled = clock.instant().minus(SETTLING);
        Acknowledged acknowledged = topic.acknowledged(subscription);
        return new AuditRun(topic, tables, subscription, period, notes, acknowledged, settled)
                .run();
    }
}
