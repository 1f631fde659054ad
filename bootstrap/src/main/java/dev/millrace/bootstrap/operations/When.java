package dev.millrace.bootstrap.operations;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as people give it: as RFC 3339 has it, or how long ago. */
final class When {

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");

    private When() {}

    /**
     * The time as the API takes it; empty when it is not given.
     *
     * @throws OperationFailure when nobody can tell what is meant
     */
    static String of(String option, String text, InstantSource clock) {
        if (text.isEmpty()) {
            return "";
        }
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            Duration duration =
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
            return clock.instant().minus(duration).toString();
        }
        try {
            return Instant.parse(text).toString();
        } catch (DateTimeParseException unreadable) {
            throw OperationFailure.mistake(
                    option
                            + " must be a time like 2026-03-01T12:00:00Z, or how long ago, like"
                            + " 90s, 30m, 2h or 7d; not "
                            + text
                            + ".");
        }
    }
}
