package dev.millrace.adapters.http;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One call of the gate and its answer.
 *
 * @param method of the request; empty when what was sent is not HTTP
 * @param target as it stands in the request line; may be empty too
 * @param requestType the request's {@code Content-Type}; empty when it has none
 * @param headers of the answer, by their names in any case
 */
public record Exchange(
        String method,
        String target,
        String requestType,
        int status,
        Map<String, List<String>> headers,
        String body) {

    public Exchange {
        Map<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = anyCase;
    }

    /** What the JDK's client sent and heard. */
    public static Exchange of(HttpResponse<String> response) {
        return of(response, response.body());
    }

    /** The same, with a body that was read in another way. */
    public static Exchange of(HttpResponse<?> response, String body) {
        URI uri = response.request().uri();
        return new Exchange(
                response.request().method(),
                uri.getRawQuery() == null
                        ? uri.getRawPath()
                        : uri.getRawPath() + "?" + uri.getRawQuery(),
                response.request().headers().firstValue("Content-Type").orElse(""),
                response.statusCode(),
                response.headers().map(),
                body);
    }

    /**
     * What went over a socket.
     *
     * @param method and the other two: what is known of the request
     * @param answer whole, headers and body
     */
    public static Exchange ofText(String method, String target, String requestType, String answer) {
        int end = answer.indexOf("\r\n\r\n");
        List<String> lines = answer.substring(0, end).lines().toList();
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Exchange(
                method,
                target,
                requestType,
                Integer.parseInt(lines.getFirst().substring(9, 12)),
                headers,
                answer.substring(end + 4));
    }

    /** The target without its query. */
    String path() {
        return target.replaceFirst("^https?://[^/]*", "").replaceFirst("[?#].*", "");
    }

    /** A header of the answer; empty when it is not there. */
    public String header(String name) {
        return String.join(", ", headers.getOrDefault(name, List.of()));
    }

    /** The answer's media type, without parameters. */
    String mediaType() {
        return withoutParameters(header("Content-Type"));
    }

    /** The request's media type, without parameters. */
    String requestMediaType() {
        return withoutParameters(requestType);
    }

    private static String withoutParameters(String contentType) {
        return contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        String shown = body.length() > 2_000 ? body.substring(0, 2_000) + "…" : body;
        return method + " " + target + " → " + status + " " + headers + "\n" + shown;
    }
}
