package dev.millrace.bootstrap.service;

import dev.millrace.adapters.http.operations.ConservationRoutes;
import dev.millrace.adapters.http.operations.OperationRoute;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.driven.PulsarTopicLog;
import dev.millrace.bootstrap.metrics.AuditGauges;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.Tracing;
import dev.millrace.ports.driving.AuditSubscription;
import dev.millrace.ports.usecase.SubscriptionAuditing;

import java.time.Duration;
import java.util.List;

/** Whether anything is lost, in a process that has both the database and the broker. */
final class Audits {

    private final Common common;
    private final List<SubscriptionId> subscriptions;
    private final AuditSubscription audit;

    Audits(
            Common common,
            PulsarConnection pulsar,
            Tracing tables,
            List<SubscriptionId> subscriptions) {
        this.common = common;
        this.subscriptions = List.copyOf(subscriptions);
        this.audit =
                new AuditGauges(
                        common.metrics().registry(),
                        subscriptions,
                        new SubscriptionAuditing(
                                new PulsarTopicLog(pulsar), tables, common.clock()),
                        common.clock());
    }

    List<OperationRoute> routes() {
        return new ConservationRoutes(audit, subscriptions).routes();
    }

    /** Begins the audits that nobody asks for, if there are to be any. */
    void schedule() {
        Duration interval = common.configuration().auditInterval();
        if (interval.isPositive()) {
            for (SubscriptionId subscription : subscriptions) {
                common.background()
                        .start(
                                "audit-" + subscription.name(),
                                new ScheduledAudit(audit, subscription, interval, common.clock())
                                        ::run);
            }
        }
    }
}
