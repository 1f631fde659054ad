package dev.millrace.adapters.http;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The document that the gate serves, as the judge of what it answers: whatever is not documented is
 * an {@link AssertionError}. Thread-safe.
 *
 * <p>It also knows each <em>case</em> that the document has: an operation with a status, a media
 * type and a form of body, so that a test can ask whether the server gives all of them.
 */
public final class Contract {

    private static final String PROBLEM = "urn:millrace:problem:";
    private static final String UNROUTED = "/x-unrouted";
    private static final String LOCATION = "https://millrace.invalid/openapi.json";

    /** What belongs to the connection and the message, not to the answer's meaning. */
    private static final Set<String> PLUMBING =
            Set.of(
                    "cache-control",
                    "connection",
                    "content-length",
                    "content-type",
                    "date",
                    "transfer-encoding");

    private static final int MANY = 20;

    private static final Contract OF_THE_GATE = read();

    private final JsonMapper mapper = new JsonMapper();
    private final String text;
    private final JsonNode document;
    private final SchemaRegistry registry;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
    private final List<Operation> operations = new ArrayList<>();

    /**
     * @param pointer to it in the document
     */
    private record Operation(String method, String path, Pattern paths, String pointer) {

        String name() {
            return method + " " + path;
        }

        boolean answers(Exchange exchange) {
            return isOn(exchange)
                    && (exchange.method().equals(method)
                            || (exchange.method().equals("HEAD") && method.equals("GET")));
        }

        boolean isOn(Exchange exchange) {
            return paths.matcher(exchange.path()).matches();
        }
    }

    /**
     * @param text a document of OpenAPI 3.1
     */
    Contract(String text) {
        this.text = text;
        this.document = mapper.readTree(text);
        this.registry =
                SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder ->
                                builder.schemas(Map.of(LOCATION, text))
                                        .schemaRegistryConfig(
                                                SchemaRegistryConfig.builder()
                                                        .formatAssertionsEnabled(true)
                                                        .build()));
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(method -> {
                                    if (method.getValue().has("responses")) {
                                        operations.add(operation(path.getKey(), method.getKey()));
                                    }
                                }));
    }

    private static Operation operation(String path, String method) {
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path,
                Pattern.compile(path.replace(".", "\\.").replaceAll("\\{[^}]+}", "[^/]+")),
                "/paths/" + escape(path) + "/" + method);
    }

    /** The document that is packed with the gate. */
    public static Contract ofTheGate() {
        return OF_THE_GATE;
    }

    private static Contract read() {
        try (InputStream input = Contract.class.getResourceAsStream("openapi.json")) {
            if (input == null) {
                throw new IllegalStateException("openapi.json is not on the class path");
            }
            return new Contract(new String(input.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String text() {
        return text;
    }

    JsonNode document() {
        return document;
    }

    /**
     * Holds an answer against the document.
     *
     * @return the cases that it shows
     * @throws AssertionError when something about it is not documented
     */
    public Set<String> judge(Exchange exchange) {
        return judge(
                exchange, operations.stream().filter(each -> each.answers(exchange)).findFirst());
    }

    /**
     * Holds an answer against the document where nobody can tell what was asked for: some operation
     * must give it, or what has no operation.
     *
     * @throws AssertionError when none does
     */
    void judgeUnasked(Exchange exchange) {
        AssertionError undocumented;
        try {
            judge(exchange, Optional.empty());
            return;
        } catch (AssertionError notWithout) {
            undocumented = notWithout;
        }
        for (Operation operation : operations) {
            try {
                judge(exchange, Optional.of(operation));
                return;
            } catch (AssertionError notThis) {
                undocumented.addSuppressed(notThis);
            }
        }
        throw undocumented;
    }

    private Set<String> judge(Exchange exchange, Optional<Operation> operation) {
        String name = operation.map(Operation::name).orElse("unrouted");
        String response =
                response(
                        operation.map(each -> each.pointer() + "/responses").orElse(UNROUTED),
                        exchange.status());
        if (document.at(response).isMissingNode()) {
            throw undocumented(exchange, "the status is not documented for " + name);
        }
        judgeHeaders(exchange, response);
        if (exchange.status() == 405) {
            judgeAllow(exchange);
        }
        Set<String> shown = new LinkedHashSet<>();
        if (operation.isPresent() && exchange.status() / 100 == 2) {
            requestCase(operation.get(), exchange.requestMediaType()).ifPresent(shown::add);
        }
        if (!exchange.method().equals("HEAD")) {
            shown.addAll(judgeBody(exchange, name, response));
        }
        return shown;
    }

    private void judgeHeaders(Exchange exchange, String response) {
        JsonNode documented = document.at(response).path("headers");
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String header : documented.propertyNames()) {
            known.add(header);
            String pointer = resolve(response + "/headers/" + escape(header));
            if (exchange.headers().containsKey(header)) {
                requireValid(
                        exchange,
                        pointer + "/schema",
                        mapper.valueToTree(exchange.header(header)),
                        "the header " + header);
            } else if (document.at(pointer).path("required").asBoolean(false)) {
                throw undocumented(exchange, "the header " + header + " is missing");
            }
        }
        known.addAll(PLUMBING);
        for (String header : exchange.headers().keySet()) {
            if (!known.contains(header)) {
                throw undocumented(exchange, "the header " + header + " is not documented");
            }
        }
    }

    private void judgeAllow(Exchange exchange) {
        Set<String> methods = new TreeSet<>();
        for (Operation operation : operations) {
            if (operation.isOn(exchange)) {
                methods.add(operation.method());
                if (operation.method().equals("GET")) {
                    methods.add("HEAD");
                }
            }
        }
        if (!methods.isEmpty()
                && !methods.equals(new TreeSet<>(List.of(exchange.header("Allow").split(", "))))) {
            throw undocumented(exchange, "Allow must be " + methods);
        }
    }

    private Set<String> judgeBody(Exchange exchange, String name, String response) {
        String type = exchange.mediaType();
        String content = response + "/content/" + escape(type);
        if (document.at(content).isMissingNode()) {
            throw undocumented(exchange, "the media type '" + type + "' is not documented");
        }
        String prefix = name + " " + exchange.status() + " " + type;
        if (!type.endsWith("json")) {
            return Set.of(prefix);
        }
        JsonNode body = thinned(mapper.readTree(exchange.body()));
        String schema = content + "/schema";
        requireValid(exchange, schema, body, "the body");
        Set<String> shown = new LinkedHashSet<>();
        if (document.at(schema).has("oneOf")) {
            shown.add(prefix + " as " + branch(schema, body));
        } else if (body.path("type").asString("").startsWith(PROBLEM)) {
            shown.add(prefix + " as " + shortened(body.path("type")));
        } else {
            shown.add(prefix);
        }
        for (JsonNode item : body.path("items")) {
            String branch = branch("/components/schemas/Item", item);
            JsonNode problem = item.path("problem").path("type");
            shown.add("item " + branch + (problem.isMissingNode() ? "" : " " + shortened(problem)));
        }
        return shown;
    }

    /** Of thousands of items that look alike, a few are looked at. */
    private static JsonNode thinned(JsonNode body) {
        if (body.path("items").size() > MANY) {
            Map<String, Integer> alike = new TreeMap<>();
            Iterator<JsonNode> items = body.path("items").iterator();
            while (items.hasNext()) {
                JsonNode item = items.next();
                String look = item.propertyNames() + " " + item.path("problem").path("type");
                if (alike.merge(look, 1, Integer::sum) > MANY) {
                    items.remove();
                }
            }
        }
        return body;
    }

    /** Which of a schema's branches a valid value takes. */
    private String branch(String schema, JsonNode value) {
        for (JsonNode branch : document.at(schema).path("oneOf")) {
            String pointer = branch.path("$ref").asString().substring(1);
            if (errors(pointer, value).isEmpty()) {
                return lastOf(pointer);
            }
        }
        throw new IllegalStateException(schema + " has no branch for a valid value");
    }

    private void requireValid(Exchange exchange, String schema, JsonNode value, String what) {
        List<Error> errors = errors(schema, value);
        if (!errors.isEmpty()) {
            throw undocumented(exchange, what + " is not valid: " + errors);
        }
    }

    /** What is wrong with a value by the schema that the pointer points at. */
    List<Error> errors(String schema, JsonNode value) {
        return schemas.computeIfAbsent(
                        schema,
                        pointer -> registry.getSchema(SchemaLocation.of(LOCATION + "#" + pointer)))
                .validate(value);
    }

    private static AssertionError undocumented(Exchange exchange, String what) {
        return new AssertionError(what + "; see openapi.json.\n" + exchange);
    }

    /** All cases that the document has. */
    Set<String> cases() {
        Set<String> cases = new TreeSet<>();
        for (Operation operation : operations) {
            String content = operation.pointer() + "/requestBody/content";
            document.at(content)
                    .propertyNames()
                    .forEach(type -> requestCase(operation, type).ifPresent(cases::add));
            addCases(cases, operation.name(), operation.pointer() + "/responses");
        }
        addCases(cases, "unrouted", UNROUTED);
        for (JsonNode branch : document.at("/components/schemas/Item/oneOf")) {
            String pointer = branch.path("$ref").asString().substring(1);
            JsonNode types = document.at(pointer + "/properties/problem/properties/type/enum");
            if (types.isMissingNode()) {
                cases.add("item " + lastOf(pointer));
            }
            types.forEach(type -> cases.add("item " + lastOf(pointer) + " " + shortened(type)));
        }
        return cases;
    }

    private void addCases(Set<String> cases, String name, String responses) {
        for (String status : document.at(responses).propertyNames()) {
            String response = response(responses, Integer.parseInt(status));
            document.at(response)
                    .path("content")
                    .properties()
                    .forEach(content -> {
                        String prefix = name + " " + status + " " + content.getKey();
                        JsonNode schema = content.getValue().path("schema");
                        JsonNode types = schema.at("/properties/type/enum");
                        schema.path("oneOf")
                                .forEach(branch ->
                                        cases.add(
                                                prefix
                                                        + " as "
                                                        + lastOf(branch.path("$ref").asString())));
                        types.forEach(type -> cases.add(prefix + " as " + shortened(type)));
                        if (!schema.has("oneOf") && types.isMissingNode()) {
                            cases.add(prefix);
                        }
                    });
        }
    }

    private Optional<String> requestCase(Operation operation, String type) {
        JsonNode content = document.at(operation.pointer() + "/requestBody/content");
        return content.has(type)
                ? Optional.of(operation.name() + " takes " + type)
                : Optional.empty();
    }

    private String response(String responses, int status) {
        return resolve(responses + "/" + status);
    }

    /** Follows a reference, when there is one. */
    private String resolve(String pointer) {
        JsonNode reference = document.at(pointer).path("$ref");
        return reference.isMissingNode() ? pointer : reference.asString().substring(1);
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String lastOf(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    private static String shortened(JsonNode type) {
        return type.asString().substring(PROBLEM.length());
    }
}
