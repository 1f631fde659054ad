package dev.millrace.domain;

/** The rule for names that operators choose: tenants, namespaces, streams and subscriptions. */
final class Names {

    private static final int MAX_LENGTH = 63;

    private Names() {}

    /**
     * Answers the value when it is a name: lower-case letters, digits and inner hyphens, at most 63
     * characters.
     */
    static String require(String field, String value) {
        boolean valid =
                !value.isEmpty()
                        && value.length() <= MAX_LENGTH
                        && value.charAt(0) != '-'
                        && value.charAt(value.length() - 1) != '-'
                        && value.chars().allMatch(Names::isNameCharacter);
        if (!valid) {
            throw new InvalidValue(
                    field,
                    "must be 1 to "
                            + MAX_LENGTH
                            + " characters of a-z 0-9 -, not starting or ending with -");
        }
        return value;
    }

    private static boolean isNameCharacter(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= '0' && character <= '9')
                || character == '-';
    }
}
