package dev.millrace.adapters.http.body;

import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a body of events may be. */
public enum MediaType {
    JSON("application/json"),
    NDJSON("application/x-ndjson"),
    CLOUD_EVENT("application/cloudevents+json"),
    CLOUD_EVENT_BATCH("application/cloudevents-batch+json");

    /** What the gate reads, as the header {@code Accept-Post} has it. */
    public static final String ALL =
            Stream.of(values()).map(type -> type.name).collect(Collectors.joining(", "));

    private static final Pattern PARAMETER =
            Pattern.compile(
                    "\\s*;\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:\"([^\"\\\\]*)\"|([!#$%&'*+.^_`|~0-9A-Za-z-]+))\\s*");

    private final String name;

    MediaType(String name) {
        this.name = name;
    }

    /**
     * Reads the header {@code Content-Type}. A charset may be given when it is UTF-8; other
     * parameters mean nothing for these types.
     *
     * @throws Refusal 415
     */
    public static MediaType of(@Nullable String header) {
        if (header == null) {
            throw unsupported("there is none");
        }
        int end = header.indexOf(';');
        String name =
                (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        MediaType type =
                Stream.of(values())
                        .filter(known -> known.name.equals(name))
                        .findFirst()
                        .orElseThrow(() -> unsupported("it is another one"));
        if (end >= 0) {
            requireUtf8(header.substring(end));
        }
        return type;
    }

    /** Whether a text names {@link #JSON}, by the same rules. */
    public static boolean isJson(String text) {
        try {
            return of(text) == JSON;
        } catch (Refusal another) {
            return false;
        }
    }

    private static void requireUtf8(String parameters) {
        Matcher parameter = PARAMETER.matcher(parameters);
        int position = 0;
        while (position < parameters.length()) {
            if (!parameter.find(position) || parameter.start() != position) {
                throw unsupported("its parameters cannot be read");
            }
            String value = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
            if (parameter.group(1).equalsIgnoreCase("charset")
                    && !value.equalsIgnoreCase("utf-8")) {
                throw unsupported("its charset is not utf-8");
            }
            position = parameter.end();
        }
    }

    private static Refusal unsupported(String why) {
        return new Refusal(
                415,
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type must be one of " + ALL + "; " + why + ".");
    }
}
