package dev.millrace.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A caller of the gate. Thread-safe; every call blocks, and is meant for a virtual thread. */
public final class GateClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private final URI events;
    private final URI messages;
    private final AnswerFile answers;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    /**
     * @param answers gets each one
     */
    public GateClient(URI gate, AnswerFile answers) {
        this.events = gate.resolve("/v1/streams/ledger-entries/events");
        this.messages = gate.resolve("/v1/streams/ledger-entries/messages/");
        this.answers = answers;
    }

    /** Sends one event; answers the HTTP status, or 0 when none came. */
    public int post(String json) throws InterruptedException {
        return post("application/json", json);
    }

    /** Sends events, one a line; answers the HTTP status, or 0 when none came. */
    public int postLines(String lines) throws InterruptedException {
        return post("application/x-ndjson", lines);
    }

    private int post(String type, String body) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(events)
                        .timeout(TIMEOUT)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                        .build();
        try {
            return send(request).statusCode();
        } catch (IOException broken) {
            return 0;
        }
    }

    /** Whether the effect of an event can be read. */
    public boolean hasOutcome(String messageId) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(messages.resolve(messageId)).timeout(TIMEOUT).build();
        try {
            HttpResponse<String> response = send(request);
            return response.statusCode() == 200 && response.body().contains("\"state\"");
        } catch (IOException broken) {
            return false;
        }
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        answers.add(response);
        return response;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
