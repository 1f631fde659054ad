package dev.millrace.ports.contract;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Key;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.MessageArchive;
import dev.millrace.ports.operations.driven.ParkedKeys;
import dev.millrace.ports.operations.driven.Quarantine;

import java.util.List;

/** What the contracts about operations stand on: tables in which events need a person. */
public interface OperationsTables extends Outage {

    /** Whose the operations are. */
    Tenant TENANT = new Tenant("millrace");

    /** Whose the operations are. */
    Namespace NAMESPACE = new Namespace("events");

    /** The subscription that most tests are about. */
    SubscriptionId COUNTS = new SubscriptionId(TENANT, NAMESPACE, CounterStream.NAME, "counts");

    /** Another subscription of the same stream. */
    SubscriptionId OTHERS = new SubscriptionId(TENANT, NAMESPACE, CounterStream.NAME, "others");

    /** A subscription that the operations are not about. */
    SubscriptionId FOREIGN =
            new SubscriptionId(new Tenant("someone"), NAMESPACE, CounterStream.NAME, "counts");

    /** Who acts. */
    Signature ANNA = new Signature("anna", "the fault is mended");

    /** Somebody else. */
    Signature BERT = new Signature("bert", "nobody needs it");

    /** The quarantine under test. */
    Quarantine quarantine();

    /** The parked keys under test. */
    ParkedKeys parkedKeys();

    /** The audit log under test. */
    AuditLog auditLog();

    /** An inbox that keeps order and whose copies may need a person. */
    Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription);

    /** The parked events of that inbox. */
    ParkedEvents<CountEvent, Count, Counted> parkedEvents(
            SubscriptionId subscription, AfterQuarantine afterQuarantine);

    /** The history of the same events. */
    MessageHistory history();

    /** The archive of the same events, which can ask for the effects of {@link #COUNTS}. */
    MessageArchive archive();

    /** The values after each effect on a key, in order. */
    List<Long> valuesOf(SubscriptionId subscription, Key key);
}
