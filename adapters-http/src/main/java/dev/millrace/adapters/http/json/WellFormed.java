package dev.millrace.adapters.http.json;

/**
 * Texts that JSON can carry and other parts of the way cannot: those with U+0000 or a lone
 * surrogate.
 */
public final class WellFormed {

    private WellFormed() {}

    /** Which rule the text breaks; empty when it is well-formed. */
    public static String brokenRule(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == 0) {
                return "must not contain U+0000";
            }
            if (Character.isSurrogate(character)) {
                if (!isPair(text, i)) {
                    return "must be well-formed Unicode, without a lone surrogate";
                }
                i++;
            }
        }
        return "";
    }

    private static boolean isPair(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index))
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1));
    }
}
