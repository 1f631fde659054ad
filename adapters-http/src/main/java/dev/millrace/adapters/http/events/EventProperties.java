package dev.millrace.adapters.http.events;

/**
 * The names of what the gate puts beside an event, for whoever reads the topic. A name here is a
 * promise: readers elsewhere rely on it.
 */
public final class EventProperties {

    /** As in W3C Trace Context. */
    public static final String TRACEPARENT = "traceparent";

    /** As in W3C Trace Context. */
    public static final String TRACESTATE = "tracestate";

    private static final String CLOUD_EVENT = "ce_";

    private EventProperties() {}

    /** Where an attribute of a CloudEvent is kept. */
    public static String ofAttribute(String name) {
        return CLOUD_EVENT + name;
    }
}
