package dev.millrace.adapters.http.body;

import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

import java.util.List;
import java.util.Locale;

/** How a body of events may be encoded. */
public enum ContentEncoding {
    IDENTITY,
    GZIP;

    /** What the gate reads, as the header {@code Accept-Encoding} has it. */
    public static final String ALL = "gzip, identity";

    /**
     * Reads the header {@code Content-Encoding}.
     *
     * @param headers all of that name
     * @throws Refusal 415
     */
    public static ContentEncoding of(List<String> headers) {
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
