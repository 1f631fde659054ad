package dev.millrace.adapters.http;

import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.events.Item;
import dev.millrace.ports.driving.Receipt;

import tools.jackson.core.JsonGenerator;

import java.time.Duration;
import java.util.List;

/** What is said about one event. */
sealed interface EventResult {

    int status();

    /** When to try again; zero when that is of no use. */
    Duration retryAfter();

    /** The broker has it. */
    record Stored(String messageId, String position) implements EventResult {
        @Override
        public int status() {
            return 202;
        }

        @Override
        public Duration retryAfter() {
            return Duration.ZERO;
        }
    }

    /** It has not, or perhaps not. */
    record Failed(Problem problem) implements EventResult {
        @Override
        public int status() {
            return problem.status();
        }

        @Override
        public Duration retryAfter() {
            return problem.retryAfter();
        }
    }

    /** What a receipt says about its item. */
    static <E> EventResult of(Item<E> item, Receipt receipt) {
        return switch (receipt) {
            case Receipt.Accepted accepted ->
                    new Stored(accepted.messageId().value(), accepted.position().toString());
            case Receipt.Unreadable unreadable -> new Failed(refusal(item));
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

    private static EventResult failed(
            int status, ProblemType type, String detail, String messageId, Duration retryAfter) {
        return new Failed(new Problem(status, type, detail, List.of(), messageId, retryAfter));
    }

    /** Writes it as one of several. */
    default void write(JsonGenerator json, int index) {
        json.writeStartObject();
        json.writeNumberProperty("index", index);
        json.writeNumberProperty("status", status());
        switch (this) {
            case Stored(String messageId, String position) -> {
                json.writeStringProperty("messageId", messageId);
                json.writeStringProperty("position", position);
            }
            case Failed(Problem problem) -> {
                if (!problem.messageId().isEmpty()) {
                    json.writeStringProperty("messageId", problem.messageId());
                }
                json.writeName("problem");
                problem.write(json);
            }
        }
        json.writeEndObject();
    }
}
