package dev.millrace.adapters.http.json;

/** The value of one member of an event's object, as far as an event can have it. */
public sealed interface JsonValue {

    /** A string. */
    record Text(String value) implements JsonValue {}

    /** A number without fraction and exponent that fits. */
    record WholeNumber(long value) implements JsonValue {}

    /** {@code true} or {@code false}. */
    record TruthValue(boolean value) implements JsonValue {}

    /** What nothing takes. */
    enum Unfit implements JsonValue {
        NULL("must not be null"),
        FRACTION("must be a whole number, without fraction or exponent"),
        MINUS_ZERO("must be a whole number, without a minus before zero"),
        HUGE("must be a whole number from -2^63 to 2^63-1"),
        OTHER("must be neither an object nor an array"),
        REPEATED("must be given once only"),
        UNDECODABLE("must be printable ASCII, all else percent-encoded in UTF-8");

        private final String rule;

        Unfit(String rule) {
            this.rule = rule;
        }

        /** Which rule it breaks. */
        public String rule() {
            return rule;
        }

        boolean isNumber() {
            return this == FRACTION || this == MINUS_ZERO || this == HUGE;
        }
    }
}
