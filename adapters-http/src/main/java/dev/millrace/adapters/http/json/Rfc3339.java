package dev.millrace.adapters.http.json;

import dev.millrace.domain.InvalidValue;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** Points in time as callers write them. */
public final class Rfc3339 {

    /**
     * The library's own parser would take a year of ten digits, a time without seconds, and an
     * offset with them.
     */
    private static final Pattern SHAPE =
            Pattern.compile(
                    "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    private Rfc3339() {}

    /**
     * Reads a time with its offset. A leap second is refused: no clock of ours can hold it.
     *
     * @throws InvalidValue naming the field, when the text is none
     */
    public static Instant instant(String field, String text) {
        if (SHAPE.matcher(text).matches()) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException impossible) {
                throw new InvalidValue(
                        field, "must be a date and time that exist, the second from 00 to 59");
            }
        }
        throw new InvalidValue(
                field, "must be a time as in RFC 3339, like 2026-01-31T23:59:59.999999Z");
    }
}
