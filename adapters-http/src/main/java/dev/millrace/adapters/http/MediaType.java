package dev.millrace.adapters.http;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a body of events may be. */
enum MediaType {
    JSON,
    NDJSON;

    /** What the gate reads, as the header {@code Accept-Post} has it. */
    static final String ALL = "application/json, application/x-ndjson";

    private static final Pattern PARAMETER =
            Pattern.compile(
                    "\\s*;\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:\"([^\"\\\\]*)\"|([!#$%&'*+.^_`|~0-9A-Za-z-]+))\\s*");

    /**
     * Reads the header {@code Content-Type}. A charset may be given when it is UTF-8; other
     * parameters mean nothing for these types.
     *
     * @throws Refusal 415
     */
    static MediaType of(@Nullable String header) {
        if (header == null) {
            throw unsupported("there is none");
        }
        int end = header.indexOf(';');
        String name =
                (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        MediaType type =
                switch (name) {
                    case "application/json" -> JSON;
                    case "application/x-ndjson" -> NDJSON;
                    default -> throw unsupported("it is another one");
                };
        if (end >= 0) {
            requireUtf8(header.substring(end));
        }
        return type;
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
