package dev.millrace.bootstrap.send;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The gate, as its caller sees it. Thread-safe. */
final class Gate implements AutoCloseable {

    /** Above the gate's own deadline, so that it is the gate who says what is unknown. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final URI events;
    private final HttpClient http;
    private final JsonMapper json = JsonMapper.shared();

    /**
     * @param url the gate's own address, without a path
     */
    Gate(URI url, String stream) {
        String base = url.toString();
        String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.events = URI.create(root + "/v1/streams/" + stream + "/events");
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
    }

    /** Sends the events in one request and blocks until it is answered, or will not be. */
    Answer post(List<Line.Event> lines) throws InterruptedException {
        String body =
                lines.stream().map(Line.Event::json).collect(Collectors.joining("\n", "", "\n"));
        HttpRequest request =
                HttpRequest.newBuilder(events)
                        .timeout(REQUEST_TIMEOUT)
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                        .build();
        try {
            return read(
                    http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)),
                    lines.size());
        } catch (ConnectException refused) {
            return new Answer.Failed(
                    "no gate answers at " + events + " (connection refused)", Duration.ZERO);
        } catch (HttpTimeoutException late) {
            return new Answer.Failed("the gate did not answer in time", Duration.ZERO);
        } catch (IOException broken) {
            return new Answer.Failed("the connection broke: " + broken.getMessage(), Duration.ZERO);
        }
    }

    private Answer read(HttpResponse<String> response, int size) {
        JsonNode body = parse(response.body());
        Duration retryAfter = retryAfter(response);
        if (body.path("items").isArray()) {
            return new Answer.Itemised(items(body.path("items"), size), retryAfter);
        }
        String why = "HTTP " + response.statusCode() + describe(body);
        return switch (response.statusCode()) {
            case 400, 413 -> new Answer.TooMuch(why);
            case 401, 403, 404, 405, 415 -> new Answer.Hopeless(why);
            default -> new Answer.Failed(why, retryAfter);
        };
    }

    /** An item that the gate does not speak about is unknown. */
    private static List<Answer.Item> items(JsonNode items, int size) {
        Answer.Item[] results = new Answer.Item[size];
        Arrays.fill(results, new Answer.Item.Again("the gate did not speak about it"));
        for (JsonNode item : items) {
            int index = item.path("index").asInt(-1);
            if (index >= 0 && index < size) {
                results[index] = item(item);
            }
        }
        return List.of(results);
    }

    private static Answer.Item item(JsonNode item) {
        int status = item.path("status").asInt(0);
        return switch (status) {
            case 202 -> new Answer.Item.Accepted();
            case 400, 413 -> refused(item.path("problem"), status);
            case 424 -> new Answer.Item.Aborted();
            default -> again(item.path("problem"), status);
        };
    }

    private static Answer.Item refused(JsonNode problem, int status) {
        return isEndOfReading(problem)
                ? again(problem, status)
                : new Answer.Item.Refused(rules(problem, status));
    }

    private static Answer.Item again(JsonNode problem, int status) {
        return new Answer.Item.Again("HTTP " + status + describe(problem));
    }

    /** Whether the gate read up to here and no further, which says nothing against the event. */
    private static boolean isEndOfReading(JsonNode problem) {
        String type = problem.path("type").asString("");
        return type.endsWith(":too-many-events") || type.endsWith(":body-too-large");
    }

    /** All fields that are wrong, or else what the problem says in general. */
    private static String rules(JsonNode problem, int status) {
        String rules =
                problem.path("errors")
                        .valueStream()
                        .map(error -> field(error) + " " + error.path("rule").asString(""))
                        .collect(Collectors.joining("; "));
        return rules.isBlank() ? "HTTP " + status + describe(problem) : rules;
    }

    /**
     * {@code /3/amountMinor} and {@code /amountMinor} are both the event's field to the one who
     * wrote the file.
     */
    private static String field(JsonNode error) {
        return error.path("field").asString("").replaceFirst("^/(\\d+/)?", "");
    }

    private static String describe(JsonNode problem) {
        String title = problem.path("title").asString("");
        String detail = problem.path("detail").asString("");
        return (title.isEmpty() ? "" : ", " + title) + (detail.isEmpty() ? "" : ": " + detail);
    }

    private JsonNode parse(String body) {
        try {
            return json.readTree(body);
        } catch (JacksonException notJson) {
            return json.missingNode();
        }
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        String seconds = response.headers().firstValue("Retry-After").orElse("");
        if (!seconds.matches("\\d{1,6}")) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
