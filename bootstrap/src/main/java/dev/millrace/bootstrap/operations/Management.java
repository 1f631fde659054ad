package dev.millrace.bootstrap.operations;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operations API of one service. Whatever is not a success is an {@link OperationFailure} with
 * the service's own words.
 */
final class Management implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Above the service's own limits, so that it is the service that says what is wrong. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String root;
    private final HttpClient http;

    /**
     * @param url of the management port, without a path
     */
    Management(URI url) {
        String text = url.toString();
        this.root = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
    }

    /** What the process says that it is. */
    JsonNode info() {
        return json(HttpRequest.newBuilder(URI.create(root + "/info")).timeout(TIMEOUT).GET());
    }

    /**
     * Looks something up.
     *
     * @param parameters of the query; empty ones are left out
     */
    JsonNode get(String path, Map<String, String> parameters) {
        return json(request(path, parameters).GET());
    }

    /** The same for one who waits no longer than that. */
    JsonNode get(String path, Duration patience) {
        return json(request(path, Map.of()).timeout(patience).GET());
    }

    /** Has something done. */
    JsonNode post(String path, JsonNode body) {
        return json(with(request(path, Map.of()), "POST", body));
    }

    /** Has something replaced. */
    JsonNode put(String path, JsonNode body) {
        return json(with(request(path, Map.of()), "PUT", body));
    }

    /**
     * Looks something up that comes line by line, for as long as it takes.
     *
     * @param lines takes each as it comes
     */
    void follow(String path, Map<String, String> parameters, Consumer<JsonNode> lines) {
        HttpResponse<Stream<String>> response =
                send(request(path, parameters).GET().build(), HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> body = response.body()) {
            if (response.statusCode() >= 300) {
                throw refusal(
                        response.statusCode(),
                        parse(body.collect(Collectors.joining("\n"))),
                        response);
            }
            body.filter(line -> !line.isBlank()).map(Management::parse).forEach(lines);
        } catch (UncheckedIOException broken) {
            throw OperationFailure.unreachable(
                    "The connection to " + root + " broke before the end.");
        }
    }

    private static HttpRequest.Builder with(
            HttpRequest.Builder request, String method, JsonNode body) {
        return request.header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path, Map<String, String> parameters) {
        String query =
                new TreeMap<>(parameters)
                        .entrySet().stream()
                                .filter(parameter -> !parameter.getValue().isEmpty())
                                .map(parameter ->
                                        parameter.getKey() + "=" + encode(parameter.getValue()))
                                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(
                        URI.create(root + "/ops/v1" + path + (query.isEmpty() ? "" : "?" + query)))
                .timeout(TIMEOUT);
    }

    /** For a query, and for one part of a path. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode json(HttpRequest.Builder request) {
        HttpResponse<String> response =
                send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        JsonNode body = parse(response.body());
        if (response.statusCode() >= 300) {
            throw refusal(response.statusCode(), body, response);
        }
        return body;
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (ConnectException refused) {
            throw OperationFailure.unreachable(
                    "No service answers at "
                            + root
                            + ". Is it running? --url names the management port of another.");
        } catch (HttpTimeoutException late) {
            throw OperationFailure.unreachable(
                    "The service at "
                            + root
                            + " did not answer in time; whether it has done what it was asked, it"
                            + " will tell: millrace audit-log.");
        } catch (IOException broken) {
            throw OperationFailure.unreachable(
                    "The connection to " + root + " broke: " + broken.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw OperationFailure.refused("Interrupted.");
        }
    }

    private static OperationFailure refusal(
            int status, JsonNode problem, HttpResponse<?> response) {
        StringBuilder words = new StringBuilder();
        String detail = problem.path("detail").asString("");
        String title = problem.path("title").asString("");
        words.append(detail.isEmpty() ? title : detail);
        if (words.isEmpty()) {
            words.append("The answer is HTTP ")
                    .append(status)
                    .append("; is this the management port of a millrace?");
        }
        problem.path("errors")
                .valueStream()
                .forEach(error ->
                        words.append(System.lineSeparator())
                                .append("  ")
                                .append(error.path("field").asString(""))
                                .append(' ')
                                .append(error.path("rule").asString("")));
        response.headers()
                .firstValue("Retry-After")
                .ifPresent(seconds -> words.append(" Try again in ").append(seconds).append(" s."));
        String message = Screen.printable(words.toString());
        return status == 503
                ? OperationFailure.unreachable(message)
                : OperationFailure.refused(message);
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException notJson) {
            return JSON.missingNode();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
