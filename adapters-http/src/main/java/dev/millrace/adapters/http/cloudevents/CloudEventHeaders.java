package dev.millrace.adapters.http.cloudevents;

import dev.millrace.adapters.http.json.JsonValue;

import jakarta.servlet.http.HttpServletRequest;

import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;

/** How binary mode writes a CloudEvent's attributes: as headers, by the HTTP binding 1.0.2. */
public final class CloudEventHeaders {

    private static final String PREFIX = "ce-";

    private CloudEventHeaders() {}

    /** How errors name an attribute. */
    static String name(String attribute) {
        return PREFIX + attribute;
    }

    /**
     * Whether a request brings a CloudEvent in its headers. Any attribute tells: one who forgot
     * another should hear so, not be taken for a plain caller.
     */
    public static boolean present(HttpServletRequest request) {
        return Collections.list(request.getHeaderNames()).stream()
                .anyMatch(CloudEventHeaders::isAttribute);
    }

    private static boolean isAttribute(String header) {
        return header.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    /** All attributes. The type of the data is that of the body: a second one is one too many. */
    static CloudEventAttributes read(HttpServletRequest request) {
        CloudEventAttributes attributes = new CloudEventAttributes();
        attributes.put("datacontenttype", new JsonValue.Text(request.getContentType()));
        for (String header : Collections.list(request.getHeaderNames())) {
            if (isAttribute(header)) {
                String name = header.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
                Collections.list(request.getHeaders(header))
                        .forEach(value -> attributes.put(name, value(value)));
            }
        }
        return attributes;
    }

    private static JsonValue value(String header) {
        return unquoted(header)
                .flatMap(CloudEventHeaders::percentDecoded)
                .<JsonValue>map(JsonValue.Text::new)
                .orElse(JsonValue.Unfit.UNDECODABLE);
    }

    /** Earlier versions of the binding quoted; this one still has to understand it. */
    private static Optional<String> unquoted(String value) {
        if (!value.startsWith("\"")) {
            return Optional.of(value);
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 1; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character == '"') {
                return i == value.length() - 1 ? Optional.of(text.toString()) : Optional.empty();
            }
            if (character == '\\' && ++i == value.length()) {
                return Optional.empty();
            }
            text.append(value.charAt(i));
        }
        return Optional.empty();
    }

    private static Optional<String> percentDecoded(String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character < ' ' || character > '~') {
                return Optional.empty();
            }
            if (character == '%') {
                if (i + 2 >= value.length()
                        || !isHexDigit(value.charAt(i + 1))
                        || !isHexDigit(value.charAt(i + 2))) {
                    return Optional.empty();
                }
                bytes.write(Integer.parseInt(value, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(character);
            }
        }
        return Utf8.decode(bytes.toByteArray());
    }

    private static boolean isHexDigit(char character) {
        return character < 0x80 && Character.digit(character, 16) >= 0;
    }
}
