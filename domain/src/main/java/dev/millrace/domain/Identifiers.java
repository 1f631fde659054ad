package dev.millrace.domain;

/**
 * The one alphabet of identities that callers choose: message IDs, keys and account IDs. It needs
 * no escaping in a URL path, a header, a log line or a database, and is compared byte by byte.
 */
public final class Identifiers {

    /** The most characters, and bytes, that an identifier may have. */
    public static final int MAX_LENGTH = 200;

    private static final String RULE =
            "must be 1 to " + MAX_LENGTH + " characters of A-Z a-z 0-9 . _ ~ : @ + = -";

    private static final boolean[] ALLOWED = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~:@+=-"
                .chars()
                .forEach(character -> ALLOWED[character] = true);
    }

    private Identifiers() {}

    /**
     * Answers the value when it is an identifier.
     *
     * @throws InvalidValue naming the field, when it is not
     */
    public static String require(String field, String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new InvalidValue(field, RULE);
        }
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character >= ALLOWED.length || !ALLOWED[character]) {
                throw new InvalidValue(field, RULE);
            }
        }
        return value;
    }
}
