package dev.millrace.adapters.http.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.RunningGate;
import dev.millrace.adapters.http.management.ManagementServer;
import dev.millrace.adapters.http.management.ManagementSettings;

import io.opentelemetry.api.trace.TracerProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The console as a browser gets it. */
final class ConsoleTest {

    private static final Pattern LOADED =
            Pattern.compile("(?:src|href)=\"(console/[^\"]+)\"|from \"\\./([^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private final ManagementServer server =
            ManagementServer.start(
                    new ManagementSettings("127.0.0.1", 0),
                    List::of,
                    () -> true,
                    () -> true,
                    () -> "",
                    Map::of,
                    List.of(),
                    TracerProvider.noop().get(""));

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void the_page_may_load_and_ask_nobody_but_this_server() {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .contains(
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src"
                                + " 'self'; img-src 'self' data:; base-uri 'none'; form-action"
                                + " 'none'; frame-ancestors 'none'");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        for (String file : Console.FILES) {
            HttpResponse<String> part = get("/console/" + file);
            assertThat(part.statusCode()).as(file).isEqualTo(200);
            assertThat(part.body())
                    .as(file)
                    .doesNotContainPattern("https?://(?!www\\.w3\\.org/2000/svg)");
        }
    }

    @Test
    void everything_that_the_page_asks_for_is_there() {
        List<String> asked = new ArrayList<>();
        asked.addAll(asked(get("/").body()));
        Console.FILES.forEach(file -> asked.addAll(asked(get("/console/" + file).body())));

        assertThat(asked).isNotEmpty().allMatch(Console.FILES::contains);
    }

    @Test
    void what_is_served_is_what_there_is() throws IOException, URISyntaxException {
        Path folder =
                Path.of(
                        Objects.requireNonNull(Console.class.getResource("index.html"))
                                .toURI()
                                .resolve("."));
        TreeSet<String> served = new TreeSet<>(Console.FILES);
        served.add("index.html");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> !name.endsWith(".class")))
                    .containsExactlyInAnyOrderElementsOf(served);
        }
    }

    @Test
    void nothing_that_comes_from_the_service_can_become_markup_or_code() {
        for (String file : Console.FILES) {
            assertThat(get("/console/" + file).body())
                    .as(file)
                    .doesNotContain("innerHTML")
                    .doesNotContain("outerHTML")
                    .doesNotContain("insertAdjacentHTML")
                    .doesNotContain("document.write")
                    .doesNotContain("eval(")
                    .doesNotContain("new Function");
        }
    }

    @Test
    void without_the_database_the_page_is_there_all_the_same() {
        assertThat(get("/").body()).contains("<title>Millrace</title>");
        assertThat(get("/console/nothing.js").statusCode()).isEqualTo(404);
    }

    private static List<String> asked(String text) {
        return LOADED.matcher(text)
                .results()
                .map(match ->
                        match.group(1) == null
                                ? match.group(2)
                                : match.group(1).substring("console/".length()))
                .toList();
    }

    private HttpResponse<String> get(String path) {
        return RunningGate.exchange(
                client,
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)));
    }
}
