package dev.millrace.adapters.pulsar;

/** The names that others rely on, on messages and topics, whoever wrote and whoever reads them. */
public final class WireNames {

    /** The message property that carries the event's message ID. */
    public static final String MESSAGE_ID = "millrace-message-id";

    /** On a dead letter: the entry into quarantine that it tells of. */
    public static final String QUARANTINE_ID = "millrace-quarantine-id";

    /** On a dead letter: whose quarantine, as {@code tenant/namespace/stream/name}. */
    public static final String SUBSCRIPTION = "millrace-subscription";

    /** On a dead letter: where its copy lies in the stream's topic. */
    public static final String POSITION = "millrace-position";

    /** On a dead letter: the schema its bytes were written with; empty when there is none. */
    public static final String SCHEMA_VERSION = "millrace-schema-version";

    /** On a dead letter: why it is in quarantine. */
    public static final String REASON = "millrace-reason";

    /** On a dead letter: how many tries have failed. */
    public static final String ATTEMPTS = "millrace-attempts";

    /**
     * On a dead letter: of a failed try, {@code -at}, {@code -exception}, {@code -message} and
     * {@code -frames} after its number.
     */
    public static final String ATTEMPT = "millrace-attempt-";

    /** On a dead letter: the trace that the event's caller named; empty when there is none. */
    public static final String TRACE_ID = "millrace-trace-id";

    /** On a dead letter: how many properties it lacks because there was no room for them. */
    public static final String LEFT_OUT = "millrace-left-out";

    /** The subscription of a dead-letter topic that keeps everything for whoever looks into it. */
    public static final String INSPECTION = "inspect";

    private WireNames() {}
}
