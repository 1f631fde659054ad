package dev.millrace.e2e;

import dev.millrace.adapters.http.Contract;
import dev.millrace.adapters.http.Exchange;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** A caller's view of the service. What the gate answers is held against its contract. */
final class Http {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Http() {}

    /** An answer; status 0 when there was none. */
    record Answer(int status, String body, String retryAfter, String contentType) {

        static final Answer NONE = new Answer(0, "", "", "");

        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    static Answer get(URI uri) {
        return send(HttpRequest.newBuilder(uri).timeout(PATIENCE).GET().build());
    }

    static Answer post(URI uri, String contentType, String body) {
        return post(uri, Map.of("Content-Type", contentType), body);
    }

    static Answer post(URI uri, Map<String, String> headers, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + Planted.TOKEN)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request.build());
    }

    static Answer put(URI uri, String contentType, String body) {
        return send(
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .header("Content-Type", contentType)
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    /** Without a body. */
    static Answer put(URI uri) {
        return send(
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build());
    }

    private static Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            if (isOfTheGate(request.uri().getPath())) {
                Contract.ofTheGate().judge(Exchange.of(response));
            }
            return new Answer(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("Retry-After").orElse(""),
                    response.headers().firstValue("Content-Type").orElse(""));
        } catch (IOException gone) {
            return Answer.NONE;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(interrupted));
        }
    }

    /** What does not belong to the management port, nor to the broker or Prometheus. */
    private static boolean isOfTheGate(String path) {
        return !path.matches("/(health|ops|admin|api)/.*|/metrics|/info");
    }
}
