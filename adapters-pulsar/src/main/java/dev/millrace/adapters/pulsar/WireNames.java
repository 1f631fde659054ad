package dev.millrace.adapters.pulsar;

/** The names that stand on every message, whoever wrote it and whoever reads it. */
public final class WireNames {

    /** The message property that carries the event's message ID. */
    public static final String MESSAGE_ID = "millrace-message-id";

    private WireNames() {}
}
