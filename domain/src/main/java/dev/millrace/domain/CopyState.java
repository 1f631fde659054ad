package dev.millrace.domain;

import java.util.Locale;

/** What a copy in the topic is to a subscription: exactly one of these. */
public enum CopyState {
    /** It took effect. */
    APPLIED,
    /** A business rule said no. */
    REJECTED,
    /** It waits, durably. */
    PARKED,
    /** It needs a person. */
    QUARANTINED,
    /** A further copy of a recorded event. */
    DUPLICATE,
    /** A person gave it up. */
    DISCARDED,
    /** Not acknowledged, and not yet anything else. */
    IN_FLIGHT,
    /** Older than the purge's watermark: its record has gone, as it may. */
    PURGED;

    /** One lower-case word that programs may compare. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
