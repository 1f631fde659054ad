package dev.millrace.adapters.http.cloudevents;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Text from bytes, never with a character that stands for what could not be read. */
final class Utf8 {

    private Utf8() {}

    /** The text; empty when the bytes are not UTF-8. */
    static Optional<String> decode(byte[] bytes) {
        try {
            // A new decoder reports what is malformed; only the convenient ways replace it.
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException broken) {
            return Optional.empty();
        }
    }
}
