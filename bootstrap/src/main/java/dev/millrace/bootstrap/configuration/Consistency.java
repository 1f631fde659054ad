package dev.millrace.bootstrap.configuration;

import dev.millrace.adapters.pulsar.driving.LaneSettings;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.ledger.LedgerStream;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The rules that join several settings, each valid by itself. */
final class Consistency {

    /**
     * Past so many unacknowledged events of one partition the broker gives a consumer nothing more:
     * its {@code maxUnackedMessagesPerConsumer}, unless somebody changed it.
     */
    static final int UNACKNOWLEDGED_BY_CONSUMER = 50_000;

    /** The same for all consumers of a subscription: {@code maxUnackedMessagesPerSubscription}. */
    static final int UNACKNOWLEDGED_BY_SUBSCRIPTION = 200_000;

    private final Values values;
    private final List<Mistake> mistakes;

    /**
     * @param mistakes receives what is wrong
     */
    Consistency(Values values, List<Mistake> mistakes) {
        this.values = values;
        this.mistakes = mistakes;
    }

    void check() {
        checkAddresses(values.get(Settings.ROLES));
        checkPorts();
        checkSubscriptions();
        checkOrder(Settings.POSTGRES_LOCK_TIMEOUT, Settings.POSTGRES_STATEMENT_TIMEOUT);
        checkOrder(Settings.POSTGRES_STATEMENT_TIMEOUT, Settings.POSTGRES_SOCKET_TIMEOUT);
        checkOrder(Settings.POSTGRES_STATEMENT_TIMEOUT, Settings.POSTGRES_IDLE_TIMEOUT);
        checkOrder(Settings.POSTGRES_IDLE_TIMEOUT, Settings.POSTGRES_TRANSACTION_TIMEOUT);
        checkOrder(Settings.POSTGRES_TRANSACTION_TIMEOUT, Settings.POSTGRES_MAX_LIFETIME);
        checkOrder(Settings.GATE_DRAIN, Settings.SHUTDOWN_TIMEOUT);
        checkOrder(Settings.GATE_MAX_EVENT, Settings.GATE_MAX_BODY);
        checkOrder(Settings.GATE_MAX_BODY, Settings.GATE_MAX_BUFFERED);
        checkOrder(Settings.OUTAGE_BACKOFF_FIRST, Settings.OUTAGE_BACKOFF_CAP);
        checkOrder(Settings.RETRY_BACKOFF_FIRST, Settings.RETRY_BACKOFF_CAP);
        checkOrder(Settings.RELAY_INTERVAL, Settings.RELAY_TERM);
        checkDecisions();
        checkOrder(Settings.PUBLISH_MAX_DELAY, Settings.PUBLISH_TIMEOUT);
        checkOrder(Settings.RETENTION, Settings.PURGE_HORIZON);
        checkOrder(Settings.BACKLOG_QUOTA, Settings.RETENTION_SIZE);
    }

    private void checkAddresses(Set<Role> roles) {
        String stack = "; name it, or start the embedded stack: ./millrace stack --detach";
        if (roles.stream().anyMatch(Role::needsBroker)) {
            require(Settings.PULSAR_SERVICE_URL, "is needed by the roles gate and worker" + stack);
            require(Settings.PULSAR_ADMIN_URL, "is needed by the roles gate and worker" + stack);
        }
        if (roles.stream().anyMatch(Role::needsDatabase)) {
            require(Settings.POSTGRES_URL, "is needed by the roles worker and reads" + stack);
            require(Settings.POSTGRES_USER, "is needed by the roles worker and reads" + stack);
        }
    }

    private void checkPorts() {
        int gate = values.get(Settings.GATE_PORT);
        if (gate != 0 && gate == values.get(Settings.MANAGEMENT_PORT)) {
            refuse(Settings.MANAGEMENT_PORT, "must not be " + Settings.GATE_PORT.name());
        }
    }

    /** A transaction waits for its decisions, and must outlive as many as may hang in it. */
    private void checkDecisions() {
        checkOrder(Settings.DECISION_TIMEOUT, Settings.POSTGRES_LOCK_TIMEOUT);
        int hanging = values.get(Settings.DECISION_MAX_HANGING);
        Duration all = values.get(Settings.DECISION_TIMEOUT).multipliedBy(hanging);
        if (all.compareTo(values.get(Settings.POSTGRES_IDLE_TIMEOUT)) >= 0) {
            refuse(
                    Settings.POSTGRES_IDLE_TIMEOUT,
                    "must be more than "
                            + Settings.DECISION_MAX_HANGING.name()
                            + " times "
                            + Settings.DECISION_TIMEOUT.name()
                            + ", which is "
                            + all.toMillis()
                            + "ms");
        }
    }

    private void checkSubscriptions() {
        boolean listed = !values.isEmpty(Settings.LEDGER_SUBSCRIPTIONS);
        if (listed) {
            for (Setting<?> shorthand :
                    List.of(
                            Settings.SUBSCRIPTION_NAME,
                            Settings.SUBSCRIPTION_TYPE,
                            Settings.LANES)) {
                if (values.isSet(shorthand)) {
                    refuse(
                            shorthand,
                            "must not be set together with "
                                    + Settings.LEDGER_SUBSCRIPTIONS.name());
                }
            }
        }
        List<SubscriptionSettings> subscriptions = Configuration.subscriptions(values);
        for (SubscriptionSettings subscription : subscriptions) {
            checkName(
                    subscription,
                    listed ? Settings.LEDGER_SUBSCRIPTIONS : Settings.SUBSCRIPTION_NAME);
            checkPrefetch(subscription);
            checkLanes(subscription, listed ? Settings.LEDGER_SUBSCRIPTIONS : Settings.LANES);
        }
        if (subscriptions.size() > 1) {
            refuse(
                    Settings.LEDGER_SUBSCRIPTIONS,
                    "must name one subscription: all of this stream write into the ledger's"
                            + " accounts, and each would book every entry");
        }
    }

    /** Queues must be full before the broker's limits are met, or lanes starve beside a backlog. */
    private void checkPrefetch(SubscriptionSettings subscription) {
        int held = LaneSettings.mostOfOnePartition(values.get(Settings.BATCH_MAX_EVENTS));
        int together = held * lanesOfOnePartition(subscription);
        String why =
                "is too much: a lane may hold " + held + " events of one partition unacknowledged";
        if (together > 0 && held > UNACKNOWLEDGED_BY_CONSUMER) {
            refuse(
                    Settings.BATCH_MAX_EVENTS,
                    why + ", and the broker stops at " + UNACKNOWLEDGED_BY_CONSUMER);
        } else if (together > UNACKNOWLEDGED_BY_SUBSCRIPTION) {
            refuse(
                    Settings.BATCH_MAX_EVENTS,
                    why
                            + ", all lanes of it "
                            + together
                            + ", and the broker stops at "
                            + UNACKNOWLEDGED_BY_SUBSCRIPTION);
        }
    }

    /** How many lanes share a partition where the broker counts; it does not count one receiver. */
    private int lanesOfOnePartition(SubscriptionSettings subscription) {
        return switch (subscription.type()) {
            case EXCLUSIVE, FAILOVER -> 0;
            case KEY_SHARED -> Math.min(subscription.lanes(), values.get(Settings.BUCKETS));
            case SHARED -> subscription.lanes();
        };
    }

    private void checkName(SubscriptionSettings subscription, Setting<?> setting) {
        try {
            var id =
                    new SubscriptionId(
                            values.get(Settings.TENANT),
                            values.get(Settings.NAMESPACE),
                            LedgerStream.NAME,
                            subscription.name());
            assert id.name().equals(subscription.name());
        } catch (InvalidValue broken) {
            refuse(setting, broken.rule());
        }
    }

    private void checkLanes(SubscriptionSettings subscription, Setting<?> setting) {
        SubscriptionType type = subscription.type();
        int useful =
                type.usefulLanes(values.get(Settings.PARTITIONS), values.get(Settings.BUCKETS));
        if (subscription.lanes() > useful) {
            refuse(setting, "must be at most " + useful + ": " + limit(type, useful));
        }
    }

    private String limit(SubscriptionType type, int useful) {
        int partitions = values.get(Settings.PARTITIONS);
        return switch (type) {
            case EXCLUSIVE -> "an exclusive subscription has one consumer";
            case FAILOVER ->
                    "a failover subscription has one working consumer a partition, and there are "
                            + partitions;
            case KEY_SHARED ->
                    "a key_shared subscription has work for one consumer a bucket, and there are "
                            + partitions
                            + " partitions of "
                            + values.get(Settings.BUCKETS);
            case SHARED -> "no more than " + useful;
        };
    }

    private void require(Setting<?> setting, String rule) {
        boolean reported =
                mistakes.stream().anyMatch(mistake -> mistake.name().equals(setting.name()));
        if (values.isEmpty(setting) && !reported) {
            mistakes.add(new Mistake(setting.name(), "", "not set", rule));
        }
    }

    private <C extends Comparable<C>> void checkOrder(Setting<C> smaller, Setting<C> greater) {
        if (values.get(smaller).compareTo(values.get(greater)) >= 0) {
            refuse(
                    greater,
                    "must be more than "
                            + smaller.name()
                            + ", which is "
                            + values.shown(smaller).text());
        }
    }

    private void refuse(Setting<?> setting, String rule) {
        Values.Value shown = values.shown(setting);
        mistakes.add(new Mistake(setting.name(), shown.text(), shown.source(), rule));
    }
}
