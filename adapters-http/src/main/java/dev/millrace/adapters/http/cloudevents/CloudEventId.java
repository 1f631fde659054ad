package dev.millrace.adapters.http.cloudevents;

import dev.millrace.domain.MessageId;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A CloudEvent's identity as a message ID. CloudEvents says that source and id together are unique;
 * both may be longer than a message ID and have characters that it has not, so it is their digest.
 */
public final class CloudEventId {

    private static final String PREFIX = "ce:";

    private CloudEventId() {}

    /**
     * {@code ce:} and, in base64url without padding, SHA-256 of source and id in UTF-8, each behind
     * its number of bytes in decimal and a colon.
     */
    public static MessageId of(String source, String id) {
        MessageDigest sha256 = sha256();
        update(sha256, source);
        update(sha256, id);
        return new MessageId(
                PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest()));
    }

    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
