package dev.millrace.domain.operations;

import java.util.Locale;

/** What a replay does about what it finds. */
public enum ReplayMode {
    /** It tells, and changes nothing. */
    VERIFY,
    /** It brings the copies that no table knows of to their outcomes. */
    FILL_GAPS;

    /** One word in lower case, perhaps with a hyphen, that programs may compare. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
