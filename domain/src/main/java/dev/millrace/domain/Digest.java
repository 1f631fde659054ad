package dev.millrace.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of an event's {@linkplain CanonicalForm canonical form}: tells a repeated event from
 * another one under the same message ID.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {

    /**
     * @throws InvalidValue unless the text is 64 lower-case hexadecimal digits
     */
    public Digest {
        if (hex.length() != 64
                || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new InvalidValue("digest", "must be 64 lower-case hexadecimal digits");
        }
    }

    /** The digest of an event. */
    public static Digest of(CanonicalForm form) {
        return of(form.text());
    }

    /** The digest of any text, in UTF-8. */
    public static Digest of(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return new Digest(
                    HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
