package dev.millrace.bootstrap.send;

import dev.millrace.domain.InvalidValue;

import tools.jackson.databind.node.ObjectNode;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;

/** How the text of a column becomes the JSON value that an event's field demands. */
public enum FieldType {

    /** The text as it is. */
    TEXT {
        @Override
        void put(ObjectNode event, String field, String text) {
            event.put(field, text);
        }
    },

    /** A JSON number without a fraction. */
    WHOLE_NUMBER {
        @Override
        void put(ObjectNode event, String field, String text) {
            if (text.length() > MAX_DIGITS || !DIGITS.matcher(text).matches()) {
                throw new InvalidValue(field, "must be a whole number");
            }
            event.put(field, new BigInteger(text));
        }
    },

    /**
     * A point in time. A date without a time is its midnight in UTC; everything else goes as it is.
     */
    INSTANT {
        @Override
        void put(ObjectNode event, String field, String text) {
            event.put(field, DATE.matcher(text).matches() ? midnight(field, text) : text);
        }
    };

    private static final int MAX_DIGITS = 40;
    private static final Pattern DIGITS = Pattern.compile("-?\\d+");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    /**
     * @throws InvalidValue when the text is not of this type
     */
    abstract void put(ObjectNode event, String field, String text);

    private static String midnight(String field, String date) {
        try {
            return LocalDate.parse(date) + "T00:00:00Z";
        } catch (DateTimeException noSuchDay) {
            throw new InvalidValue(field, "must be a day that exists, or a time with an offset");
        }
    }
}
