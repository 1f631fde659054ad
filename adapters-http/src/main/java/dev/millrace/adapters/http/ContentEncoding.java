package dev.millrace.adapters.http;

import java.util.List;
import java.util.Locale;

/** How a body of events may be encoded. */
enum ContentEncoding {
    IDENTITY,
    GZIP;

    /** What the gate reads, as the header {@code Accept-Encoding} has it. */
    static final String ALL = "gzip, identity";

    /**
     * Reads the header {@code Content-Encoding}.
     *
     * @param headers all of that name
     * @throws Refusal 415
     */
    static ContentEncoding of(List<String> headers) {
        return switch (String.join(",", headers).strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            default ->
                    throw new Refusal(
                            415,
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Encoding must be one of " + ALL + ", or left out.");
        };
    }
}
