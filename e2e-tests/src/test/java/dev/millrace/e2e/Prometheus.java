package dev.millrace.e2e;

import static org.awaitility.Awaitility.await;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A real Prometheus of this machine, with the rules of {@code docker/prometheus} as they are but
 * for one thing: a second stands for each minute. Like every process of ours it holds the other end
 * of a pipe, and ends when that does.
 */
final class Prometheus implements AutoCloseable {

    private static final String SCRAPES = "1s";
    private static final String EVALUATIONS = "500ms";
    private static final Pattern ADDRESS =
            Pattern.compile("msg=\"Listening on\" address=(127\\.0\\.0\\.1:\\d+)");
    private static final Pattern MINUTES = Pattern.compile("(\\d+)m\\b");
    private static final Pattern SECONDS_OF_MINUTES = Pattern.compile("\\* 60\\b");

    private final Process process;
    private final Path targets;
    private final URI api;

    /** A rule: an alert, or a series that is recorded. */
    record Rule(String name, String burn, String expression, String runbook) {

        boolean isAlert() {
            return !runbook.isEmpty();
        }

        /** As {@link #firing} names it. */
        String id() {
            return (name + " " + burn).trim();
        }
    }

    /** An alert that fires. */
    record Alert(String id, String summary) {}

    private Prometheus(Process process, Path targets, URI api) {
        this.process = process;
        this.targets = targets;
        this.api = api;
    }

    /** Starts one that scrapes nothing yet. */
    static Prometheus start(Path folder) {
        Path rules = Programs.checkout().resolve("docker/prometheus/rules.yml");
        Path log = folder.resolve("prometheus.log");
        Path targets = folder.resolve("targets.json");
        try {
            Files.writeString(folder.resolve("rules.yml"), inSeconds(Files.readString(rules)));
            Files.writeString(targets, "[]");
            Files.writeString(
                    folder.resolve("prometheus.yml"),
                    """
                    global: {scrape_interval: %s, scrape_timeout: %s, evaluation_interval: %s}
                    rule_files: [rules.yml]
                    scrape_configs:
                      - job_name: millrace
                        file_sd_configs: [{files: [targets.json]}]
                    """
                            .formatted(SCRAPES, SCRAPES, EVALUATIONS));
            Process process =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "\"$@\" & prometheus=$!; cat; kill $prometheus; wait",
                                    "sh",
                                    "prometheus",
                                    "--config.file=" + folder.resolve("prometheus.yml"),
                                    "--storage.tsdb.path=" + folder.resolve("series"),
                                    "--web.listen-address=127.0.0.1:0")
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            return new Prometheus(process, targets, URI.create("http://" + address(log)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String inSeconds(String rules) {
        String windows = MINUTES.matcher(rules).replaceAll("$1s");
        return SECONDS_OF_MINUTES.matcher(windows).replaceAll("* 1");
    }

    private static String address(Path log) {
        return await("Prometheus")
                .until(
                        () -> {
                            Matcher listening = ADDRESS.matcher(Files.readString(log));
                            return listening.find() ? listening.group(1) : "";
                        },
                        found -> !found.isEmpty());
    }

    /** Scrapes these services from now on, and no other. */
    void scrape(URI... managements) {
        try {
            Path whole = Files.createTempFile(targets.getParent(), "targets", ".new");
            Files.writeString(
                    whole,
                    Stream.of(managements)
                            .map(each -> "{\"targets\": [\"" + each.getAuthority() + "\"]}")
                            .collect(Collectors.joining(",", "[", "]")));
            Files.move(whole, targets, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What fires now. */
    List<Alert> firing() {
        return stream(get("/api/v1/alerts").at("/data/alerts"))
                .filter(alert -> alert.get("state").asString().equals("firing"))
                .map(alert ->
                        new Alert(
                                id(alert.get("labels")),
                                alert.at("/annotations/summary").asString()))
                .toList();
    }

    private static String id(JsonNode labels) {
        return (labels.get("alertname").asString() + " " + labels.path("burn").asString("")).trim();
    }

    /** Everything that it evaluates, with the seconds in it. */
    List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode group : get("/api/v1/rules").at("/data/groups")) {
            for (JsonNode rule : group.get("rules")) {
                rules.add(
                        new Rule(
                                rule.get("name").asString(),
                                rule.at("/labels/burn").asString(""),
                                rule.get("query").asString(),
                                rule.at("/annotations/runbook_url").asString("")));
            }
        }
        return rules;
    }

    /** The values of all series that an expression finds now. */
    List<Double> values(String expression) {
        JsonNode answer =
                get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (!answer.path("status").asString("").equals("success")) {
            throw new IllegalArgumentException(expression + ": " + answer);
        }
        return stream(answer.at("/data/result"))
                .map(series -> Double.valueOf(series.at("/value/1").asString()))
                .toList();
    }

    private JsonNode get(String path) {
        return Http.get(api.resolve(path)).json();
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(Duration.ofSeconds(30))) {
                throw new IllegalStateException("Prometheus did not end");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
