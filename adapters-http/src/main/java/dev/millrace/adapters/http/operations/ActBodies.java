package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.body.BodyBytes;
import dev.millrace.adapters.http.body.Budget;
import dev.millrace.adapters.http.body.ContentEncoding;
import dev.millrace.adapters.http.body.Frame;
import dev.millrace.adapters.http.body.Frames;
import dev.millrace.adapters.http.body.MediaType;
import dev.millrace.adapters.http.body.RequestBodies;
import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.JsonObjects;
import dev.millrace.adapters.http.json.JsonValue;
import dev.millrace.adapters.http.reads.ReadRequest;

import io.javalin.http.Context;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the bodies of acts, each within its size and its time. Only JSON that says that it is JSON
 * is read, so that no page in somebody's browser can act by a form; and of what a browser sends,
 * only what a page of this server has it send. Thread-safe.
 */
public final class ActBodies {

    private static final int MAX_BODY_BYTES = 2 << 20;
    private static final int TIMEOUT = 408;
    private static final long MAX_HELD_BYTES = 16 << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RequestBodies bodies = new RequestBodies(MAX_BODY_BYTES, DEADLINE);
    private final Budget budget = new Budget(MAX_HELD_BYTES, RETRY_AFTER);
    private final JsonObjects json = new JsonObjects(MAX_BODY_BYTES);

    /** Reads what an act is asked for with. */
    public ActRequest read(Context context) throws IOException {
        requireOwnPage(context.req());
        requireJson(context.req());
        Map<String, EventFields> objects = new HashMap<>();
        EventFields fields = new EventFields();
        try (Budget.Share share = budget.open();
                InputStream body =
                        bodies.open(context.req(), ContentEncoding.of(encodings(context)), share)) {
            Frame frame =
                    Frames.document(
                                    new BodyBytes(body, MAX_BODY_BYTES, share),
                                    Optional.of(noObject()))
                            .next();
            if (frame == null) {
                throw noObject();
            }
            json.read(frame, parser -> collect(parser, fields, objects));
        } catch (Refusal refusal) {
            if (refusal.problem().status() != TIMEOUT) {
                bodies.discard(context.req());
            }
            throw refusal;
        }
        return new ActRequest(new ReadRequest(context), fields, objects);
    }

    private static List<String> encodings(Context context) {
        return Collections.list(context.req().getHeaders("Content-Encoding"));
    }

    private static void collect(
            JsonParser parser, EventFields fields, Map<String, EventFields> objects) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken first = parser.nextToken();
            boolean repeated = fields.has(name);
            EventFields members = new EventFields();
            if (first == JsonToken.START_OBJECT) {
                JsonObjects.collect(parser, members);
                fields.put(name, JsonValue.Unfit.OTHER);
            } else {
                fields.put(name, JsonObjects.value(parser, first));
            }
            if (repeated) {
                objects.remove(name);
            } else if (first == JsonToken.START_OBJECT) {
                objects.put(name, members);
            }
        }
    }

    /** A browser says where a request comes from, and no page can have it say otherwise. */
    private static void requireOwnPage(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
        if (foreign || (origin != null && !isOwn(origin, request.getHeader("Host")))) {
            throw new Refusal(
                    403,
                    ProblemType.CROSS_SITE,
                    "An act is asked for by a page of this server, or by no page.");
        }
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }

    private static void requireJson(HttpServletRequest request) {
        List<String> types = Collections.list(request.getHeaders("Content-Type"));
        if (types.size() != 1 || !MediaType.isJson(types.getFirst())) {
            throw new Refusal(
                    415,
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "An act is asked for with Content-Type: application/json.");
        }
    }

    private static Refusal noObject() {
        return new Refusal(
                Problem.of(
                        400,
                        ProblemType.INVALID_BODY,
                        "The body must be one JSON object that says by whom: {\"by\":\"…\"}."));
    }
}
