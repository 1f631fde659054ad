package dev.millrace.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.ports.contract.StoredEvent;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driving.IngestEvents;
import dev.millrace.ports.driving.Receipt;
import dev.millrace.ports.driving.Submission;
import dev.millrace.ports.scenario.IngestEventsScenarios;

import org.junit.jupiter.api.AfterEach;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a caller of the use case may rely on, a caller of the gate may too. */
final class IngestOverHttpTest implements IngestEventsScenarios {

    private final RunningGate gate = RunningGate.start();

    @AfterEach
    void close() {
        gate.close();
    }

    @Override
    public IngestEvents<CountEvent> ingestEvents() {
        return (submissions, receipts) -> {
            List<Submission<CountEvent>> all = new ArrayList<>();
            submissions.forEachRemaining(all::add);
            send(all).forEach(receipts);
        };
    }

    private List<Receipt> send(List<Submission<CountEvent>> submissions) {
        String lines =
                submissions.stream()
                        .map(IngestOverHttpTest::json)
                        .collect(Collectors.joining("\n"));
        if (submissions.size() == 1) {
            Answer answer = gate.post(RunningGate.COUNTER, "application/json", lines);
            return List.of(receipt(answer, answer.status(), answer.body()));
        }
        Answer answer = gate.post(RunningGate.COUNTER, "application/x-ndjson", lines);
        assertThat(answer.status()).isIn(202, 207, 400, 429, 503, 504);
        List<Receipt> receipts = new ArrayList<>();
        for (JsonNode item : answer.body().path("items")) {
            assertThat(item.path("index").asInt()).isEqualTo(receipts.size());
            receipts.add(receipt(answer, item.path("status").asInt(), item));
        }
        return receipts;
    }

    private static String json(Submission<CountEvent> submission) {
        return switch (submission) {
            case Submission.Identified<CountEvent> given ->
                    "{\"messageId\":\"" + given.messageId() + "\"," + members(given.event());
            case Submission.Anonymous<CountEvent> anonymous -> "{" + members(anonymous.event());
            case Submission.Unreadable<CountEvent> unreadable ->
                    "{\"key\":\"" + unreadable.key() + "\"}";
        };
    }

    private static String members(CountEvent event) {
        return "\"key\":\"" + event.key() + "\",\"by\":" + event.by() + "}";
    }

    private static Receipt receipt(Answer answer, int status, JsonNode said) {
        if (status == 400) {
            return new Receipt.Unreadable();
        }
        MessageId messageId = new MessageId(said.path("messageId").asString());
        return switch (status) {
            case 202 ->
                    new Receipt.Accepted(
                            messageId, Position.parse(said.path("position").asString()));
            case 413 -> new Receipt.TooLarge(messageId);
            case 424 -> new Receipt.Aborted(messageId);
            case 429 -> new Receipt.Throttled(messageId, retryAfter(answer));
            case 503 -> new Receipt.NotStored(messageId, retryAfter(answer));
            case 504 -> new Receipt.Unknown(messageId);
            default -> throw new AssertionError("an undocumented status: " + status);
        };
    }

    private static Duration retryAfter(Answer answer) {
        return Duration.ofSeconds(Long.parseLong(answer.header("Retry-After")));
    }

    @Override
    public List<StoredEvent<CountEvent>> stored() {
        return gate.counterTopic.stored();
    }

    @Override
    public void arrange(MessageId messageId, Publication fate) {
        gate.counterTopic.arrange(messageId, fate);
    }

    @Override
    public void makeUnavailable() {
        gate.counterTopic.makeUnavailable();
    }

    @Override
    public void makeAvailable() {
        gate.counterTopic.makeAvailable();
    }
}
