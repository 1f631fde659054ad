package dev.millrace.adapters.http;

import dev.millrace.adapters.http.answers.Answers;
import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.body.Budget;
import dev.millrace.domain.StreamName;
import dev.millrace.ports.driving.Receipt;

import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * The answer to one request, drafted as its receipts come, since the status is known with the last
 * one only.
 */
final class EventAnswer<E> implements AutoCloseable {

    private static final int ACCEPTED = 202;
    private static final int PARTLY_ACCEPTED = 207;

    private final Incoming<E> incoming;
    private final Draft draft;
    private @Nullable JsonGenerator items;
    private @Nullable EventResult last;
    private int results;
    private int stored;
    private int worst;
    private Duration retryAfter = Duration.ZERO;

    /**
     * @param share what the draft holds is counted here
     */
    EventAnswer(Incoming<E> incoming, Budget.Share share) {
        this.incoming = incoming;
        this.draft = new Draft(share);
    }

    /** Notes what became of the next item. */
    void add(Receipt receipt) {
        EventResult result = EventResult.of(incoming.answer(), receipt);
        if (incoming.isMany()) {
            result.write(items(), results);
        }
        switch (result) {
            case EventResult.Stored accepted -> stored++;
            case EventResult.Failed failed -> worst = Math.max(worst, failed.status());
        }
        if (result.retryAfter().compareTo(retryAfter) > 0) {
            retryAfter = result.retryAfter();
        }
        results++;
        last = result;
    }

    private JsonGenerator items() {
        JsonGenerator known = items;
        if (known == null) {
            known = Answers.generator(draft);
            known.writeStartArray();
            items = known;
        }
        return known;
    }

    /** Sends it, after the last receipt. */
    void send(HttpServletResponse response, StreamName stream) throws IOException {
        EventResult only = last;
        if (only == null) {
            throw new IllegalStateException("a request has one receipt at least");
        }
        boolean nothingRead = results == 1 && incoming.isStopped();
        if (!incoming.isMany() || nothingRead) {
            one(response, stream, only);
        } else {
            items().writeEndArray();
            items().flush();
            many(response, status(only));
        }
    }

    private static void one(HttpServletResponse response, StreamName stream, EventResult result)
            throws IOException {
        switch (result) {
            case EventResult.Stored(String messageId, String position) -> {
                response.setHeader("Location", "/v1/streams/" + stream + "/messages/" + messageId);
                Answers.send(
                        response,
                        ACCEPTED,
                        json -> {
                            json.writeStartObject();
                            json.writeStringProperty("messageId", messageId);
                            json.writeStringProperty("position", position);
                            json.writeEndObject();
                        });
            }
            case EventResult.Failed(Problem problem) -> Answers.send(response, problem);
        }
    }

    /**
     * 202 for all, 207 for some; for none 413 where reading stopped at a limit, and else the most
     * uncertain one counts: 504, then 503, then 429, then 400.
     */
    private int status(EventResult end) {
        if (stored > 0) {
            return stored == results ? ACCEPTED : PARTLY_ACCEPTED;
        }
        if (incoming.isStopped() && end.status() == 413) {
            return 413;
        }
        return worst >= 429 ? worst : 400;
    }

    private void many(HttpServletResponse response, int status) throws IOException {
        if (status == ACCEPTED || status == PARTLY_ACCEPTED) {
            Answers.retryAfter(response, retryAfter);
            sendItems(response, status, Answers.JSON, JsonGenerator::writeStartObject);
            return;
        }
        Problem problem =
                Problem.of(
                        status,
                        ProblemType.NOTHING_ACCEPTED,
                        status == 504
                                ? "Some events may be stored. A retry of all, in order and with the"
                                        + " same message IDs, is safe."
                                : "Nothing is stored; items tells why, event by event.");
        if (status == 429 || status == 503) {
            Answers.retryAfter(response, retryAfter);
        }
        sendItems(response, status, Answers.PROBLEM, problem::open);
    }

    /**
     * @param opening writes the start of the body's object, and perhaps some members; the items are
     *     its last one, as they were drafted
     */
    private void sendItems(
            HttpServletResponse response, int status, String contentType, JsonBody opening)
            throws IOException {
        byte[] around =
                Answers.bytes(json -> {
                    opening.writeTo(json);
                    json.writeName("items");
                    json.writeRawValue("");
                    json.writeEndObject();
                });
        int before = around.length - 1;
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLengthLong(around.length + draft.length());
        OutputStream output = response.getOutputStream();
        output.write(around, 0, before);
        draft.sendTo(output);
        output.write(around, before, 1);
    }

    @Override
    public void close() {
        if (items != null) {
            // It closes the draft as well.
            items.close();
        }
    }
}
