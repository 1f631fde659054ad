package dev.millrace.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * A server's answer as a test looks at it.
 *
 * @param cases of the contract that it shows
 */
public record Answer(
        int status,
        String contentType,
        JsonNode body,
        HttpResponse<String> whole,
        Set<String> cases) {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** A response whose cases are known. */
    public Answer(HttpResponse<String> response, Set<String> cases) {
        this(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                parse(response),
                response,
                cases);
    }

    private static JsonNode parse(HttpResponse<String> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        return type.endsWith("json") && !response.body().isEmpty()
                ? MAPPER.readTree(response.body())
                : MAPPER.nullNode();
    }

    /** A body to compare with. */
    public static JsonNode json(String text) {
        return MAPPER.readTree(text);
    }

    /** Empty when there is none. */
    public String header(String name) {
        return whole.headers().firstValue(name).orElse("");
    }

    /** What the body has there; empty when it has nothing. */
    public String text(String pointer) {
        return body.at(pointer).asString("");
    }

    List<Integer> itemStatuses() {
        return StreamSupport.stream(body.path("items").spliterator(), false)
                .map(item -> item.path("status").asInt())
                .toList();
    }

    /** The problem itself is well-formed. */
    public Answer isProblem(int status, String type) {
        assertThat(this.status).as(whole.body()).isEqualTo(status);
        assertThat(contentType).isEqualTo("application/problem+json");
        assertThat(text("/type")).isEqualTo("urn:millrace:problem:" + type);
        assertThat(text("/title")).isNotBlank();
        assertThat(text("/detail")).isNotBlank();
        assertThat(body.path("status").asInt()).isEqualTo(status);
        assertThat(whole.body())
                .doesNotContain("Exception")
                .doesNotContain("tools.jackson")
                .doesNotContain("\tat ");
        return this;
    }

    List<String> errorFields() {
        return fields(body);
    }

    static List<String> fields(JsonNode problem) {
        return StreamSupport.stream(problem.path("errors").spliterator(), false)
                .map(error -> error.path("field").asString())
                .toList();
    }
}
