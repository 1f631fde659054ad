package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.Answer;
import dev.millrace.adapters.http.RunningGate;
import dev.millrace.adapters.http.management.ManagementServer;
import dev.millrace.adapters.http.management.ManagementSettings;

import io.opentelemetry.api.trace.TracerProvider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Operations on a management port of their own, and a client of them. */
final class RunningOperations implements AutoCloseable {

    private final HttpClient client = HttpClient.newHttpClient();
    private final ManagementServer server;

    RunningOperations(List<OperationRoute> routes) {
        server =
                ManagementServer.start(
                        new ManagementSettings("127.0.0.1", 0),
                        List::of,
                        () -> true,
                        () -> true,
                        () -> "",
                        Map::of,
                        routes,
                        TracerProvider.noop().get(""));
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer post(String path, String body) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Answer put(String path, String body) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** An answer as it is, whatever its body. */
    HttpResponse<String> text(String path) {
        return RunningGate.exchange(client, request(path));
    }

    /** The lines of an answer as they come. */
    Iterator<String> lines(String path) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response =
                client.send(request(path).build(), HttpResponse.BodyHandlers.ofLines());
        return response.body().iterator();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(origin() + path));
    }

    /** Where it listens, as a browser names it. */
    String origin() {
        return "http://127.0.0.1:" + server.port();
    }

    Answer send(HttpRequest.Builder request) {
        return new Answer(RunningGate.exchange(client, request), Set.of());
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
