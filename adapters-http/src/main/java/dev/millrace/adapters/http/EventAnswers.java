package dev.millrace.adapters.http;

import dev.millrace.domain.StreamName;
import dev.millrace.ports.driving.Receipt;

import jakarta.servlet.http.HttpServletResponse;

import tools.jackson.core.JsonGenerator;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** From receipts to answers. */
final class EventAnswers {

    private EventAnswers() {}

    /** What is said about one event. */
    sealed interface Result {

        int status();

        /** The broker has it. */
        record Stored(String messageId, String position) implements Result {
            @Override
            public int status() {
                return 202;
            }
        }

        /** It has not, or perhaps not. */
        record Failed(Problem problem) implements Result {
            @Override
            public int status() {
                return problem.status();
            }
        }
    }

    static <E> Result result(Item<E> item, Receipt receipt) {
        return switch (receipt) {
            case Receipt.Accepted accepted ->
                    new Result.Stored(accepted.messageId().value(), accepted.position().toString());
            case Receipt.Unreadable unreadable -> new Result.Failed(refusal(item));
            case Receipt.Aborted aborted ->
                    failed(
                            424,
                            ProblemType.ABORTED,
                            "Not tried, since an earlier event of its key failed. Send that one"
                                    + " first.",
                            aborted.messageId().value(),
                            Duration.ZERO);
            case Receipt.Throttled throttled ->
                    failed(
                            429,
                            ProblemType.TOO_BUSY,
                            "Not stored: as many events are under way as this gate takes.",
                            throttled.messageId().value(),
                            throttled.retryAfter());
            case Receipt.TooLarge tooLarge ->
                    failed(
                            413,
                            ProblemType.EVENT_TOO_LARGE,
                            "Not stored: the event is larger than the broker takes.",
                            tooLarge.messageId().value(),
                            Duration.ZERO);
            case Receipt.NotStored notStored ->
                    failed(
                            503,
                            ProblemType.NOT_STORED,
                            "Not stored: the broker does not take the event now. Retry with the"
                                    + " same message ID.",
                            notStored.messageId().value(),
                            notStored.retryAfter());
            case Receipt.Unknown unknown ->
                    failed(
                            504,
                            ProblemType.OUTCOME_UNKNOWN,
                            "The broker did not answer in time: the event may be stored. A retry"
                                    + " with the same message ID is safe.",
                            unknown.messageId().value(),
                            Duration.ZERO);
        };
    }

    private static <E> Problem refusal(Item<E> item) {
        return switch (item) {
            case Item.Refused<E> refused -> refused.problem();
            case Item.Valid<E> valid ->
                    throw new IllegalStateException("a valid item was not read");
        };
    }

    private static Result failed(
            int status, ProblemType type, String detail, String messageId, Duration retryAfter) {
        return new Result.Failed(
                new Problem(status, type, detail, List.of(), messageId, retryAfter));
    }

    /** Answers a request of one object. */
    static void one(HttpServletResponse response, StreamName stream, Result result)
            throws IOException {
        switch (result) {
            case Result.Stored stored -> {
                response.setHeader(
                        "Location", "/v1/streams/" + stream + "/messages/" + stored.messageId());
                Answers.send(
                        response,
                        stored.status(),
                        json -> {
                            json.writeStartObject();
                            json.writeStringProperty("messageId", stored.messageId());
                            json.writeStringProperty("position", stored.position());
                            json.writeEndObject();
                        });
            }
            case Result.Failed(Problem problem) -> Answers.send(response, problem);
        }
    }

    /** Answers a request of an array or of lines. */
    static <E> void many(HttpServletResponse response, List<Item<E>> items, List<Receipt> receipts)
            throws IOException {
        List<Result> results = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            results.add(result(items.get(i), receipts.get(i)));
        }
        int status = overallStatus(results);
        Duration retryAfter = retryAfter(results);
        if (status == 202 || status == 207) {
            Answers.retryAfter(response, retryAfter);
            Answers.send(
                    response,
                    status,
                    json -> {
                        json.writeStartObject();
                        writeItems(json, results);
                        json.writeEndObject();
                    });
        } else {
            Problem problem =
                    Problem.of(
                                    status,
                                    ProblemType.NOTHING_ACCEPTED,
                                    status == 504
                                            ? "Some events may be stored. A retry of all, in order"
                                                    + " and with the same message IDs, is safe."
                                            : "Nothing is stored; items tells why, event by event.")
                            .withRetryAfter(
                                    status == 429 || status == 503 ? retryAfter : Duration.ZERO);
            Answers.send(
                    response,
                    problem,
                    json -> {
                        problem.open(json);
                        writeItems(json, results);
                        json.writeEndObject();
                    });
        }
    }

    /**
     * 202 for all, 207 for some; for none the most uncertain one counts: 504, then 503, then 429,
     * then 400.
     */
    static int overallStatus(List<Result> results) {
        long stored = results.stream().filter(Result.Stored.class::isInstance).count();
        if (stored > 0) {
            return stored == results.size() ? 202 : 207;
        }
        return results.stream()
                .mapToInt(Result::status)
                .filter(status -> status >= 429)
                .max()
                .orElse(400);
    }

    private static Duration retryAfter(List<Result> results) {
        return results.stream()
                .map(result ->
                        switch (result) {
                            case Result.Stored stored -> Duration.ZERO;
                            case Result.Failed(Problem problem) -> problem.retryAfter();
                        })
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static void writeItems(JsonGenerator json, List<Result> results) {
        json.writeArrayPropertyStart("items");
        for (int index = 0; index < results.size(); index++) {
            Result result = results.get(index);
            json.writeStartObject();
            json.writeNumberProperty("index", index);
            json.writeNumberProperty("status", result.status());
            switch (result) {
                case Result.Stored(String messageId, String position) -> {
                    json.writeStringProperty("messageId", messageId);
                    json.writeStringProperty("position", position);
                }
                case Result.Failed(Problem problem) -> {
                    if (!problem.messageId().isEmpty()) {
                        json.writeStringProperty("messageId", problem.messageId());
                    }
                    json.writeName("problem");
                    problem.write(json);
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
