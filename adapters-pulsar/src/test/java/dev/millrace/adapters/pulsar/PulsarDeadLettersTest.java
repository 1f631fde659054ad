package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driven.PulsarCursor;
import dev.millrace.adapters.pulsar.driven.PulsarDeadLetters;
import dev.millrace.domain.Copy;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Failure;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.contract.DeadLettersContract;
import dev.millrace.ports.driven.DeadLetters;

import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

final class PulsarDeadLettersTest implements DeadLettersContract {

    private static TestBroker broker;
    private static PulsarAdmin admin;

    private TopicSettings settings;
    private SubscriptionId subscription;
    private String topic;
    private PulsarDeadLetters deadLetters;

    @BeforeAll
    static void open() {
        broker = new TestBroker();
        admin = broker.connection().admin();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    @BeforeEach
    void setUp() {
        settings = broker.counterTopic(2, 4);
        subscription = TestBroker.subscription(settings);
        topic = settings.name() + "-" + TestBroker.SUBSCRIPTION + "-DLQ";
        deadLetters =
                new PulsarDeadLetters(broker.connection(), subscription, Duration.ofSeconds(5));
    }

    @AfterEach
    void tearDown() {
        deadLetters.close();
    }

    @Test
    void the_enforcement_of_schemas_is_on_and_lets_raw_bytes_in() throws Exception {
        assertThat(admin.namespaces().getSchemaValidationEnforced(settings.name().namespaceName()))
                .isTrue();
        assertThatThrownBy(() ->
                        broker.connection()
                                .client()
                                .newProducer(Schema.BYTES)
                                .topic(settings.name().partition(0))
                                .create())
                .isInstanceOf(PulsarClientException.IncompatibleSchemaException.class);

        assertThat(deadLetters.publish(List.of(DeadLettersContract.letter(1, "m1", "a"))))
                .containsExactly(1L);
        PulsarCursor cursor = new PulsarCursor(broker.connection(), InstantSource.system());
        await().untilAsserted(() -> assertThat(cursor.deadLetters(subscription)).isOne());
    }

    @Test
    void a_message_says_what_it_is_about_and_whoever_wrote_the_copy_cannot_forge_that()
            throws Exception {
        DeadLetter letter =
                new DeadLetter(
                        42,
                        "m1",
                        "a",
                        Reason.UNDECODABLE,
                        List.of(),
                        new Copy(
                                new Position(7, 8, 1, 2),
                                Instant.EPOCH,
                                Payload.EMPTY,
                                "",
                                Map.of(
                                        "millrace-quarantine-id", "1",
                                        "millrace-attempt-1-exception", "forged",
                                        "millrace-left-out", "0",
                                        "millrace-trace-id", "forged",
                                        "origin", "a forger")));
        assertThat(deadLetters.publish(List.of(letter))).containsExactly(42L);

        try (Consumer<byte[]> inspector =
                broker.connection()
                        .client()
                        .newConsumer(Schema.BYTES)
                        .topic(topic)
                        .subscriptionName("inspect")
                        .subscribe()) {
            Message<byte[]> message = inspector.receive(30, TimeUnit.SECONDS);
            assertThat(message.getKey()).isEqualTo("a");
            assertThat(message.getData()).isEmpty();
            assertThat(message.getProperties())
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of(
                                    "millrace-quarantine-id", "42",
                                    "millrace-message-id", "m1",
                                    "millrace-subscription", subscription.toString(),
                                    "millrace-position", "7:8:1:2",
                                    "millrace-schema-version", "",
                                    "millrace-reason", "undecodable",
                                    "millrace-attempts", "0",
                                    "millrace-trace-id", "",
                                    "origin", "a forger"));
        }
    }

    @Test
    void a_copy_as_large_as_the_broker_takes_any_is_published_with_all_that_is_added() {
        byte[] large = new byte[5 << 20];
        large[large.length - 1] = 7;
        DeadLetter letter =
                new DeadLetter(
                        1,
                        "m1",
                        "a",
                        Reason.UNDECODABLE,
                        List.of(),
                        new Copy(
                                new Position(7, 8, 1, 2),
                                Instant.EPOCH,
                                Payload.copyOf(large),
                                "",
                                Map.of("origin", "x".repeat(10_000))));

        assertThat(deadLetters.publish(List.of(letter))).containsExactly(1L);

        assertThat(topic()).containsExactly(letter);
    }

    @Test
    void a_head_that_the_broker_would_not_take_leaves_out_what_finds_no_room() throws Exception {
        String huge = "x".repeat(1 << 20);
        List<FailedAttempt> attempts =
                IntStream.rangeClosed(1, 1_000)
                        .mapToObj(number ->
                                new FailedAttempt(
                                        number,
                                        Instant.EPOCH,
                                        new Failure.Fault(
                                                "a.Bug", "x".repeat(2_000), List.of("a.Rule.b()")),
                                        ""))
                        .toList();
        DeadLetter letter =
                new DeadLetter(
                        1,
                        huge,
                        huge,
                        Reason.UNDECODABLE,
                        attempts,
                        new Copy(
                                new Position(7, 8, 1, 2),
                                Instant.EPOCH,
                                Payload.copyOf(new byte[5 << 20]),
                                "",
                                Map.of("a", huge, "b", huge, "c", huge, "d", huge)));

        assertThat(deadLetters.publish(List.of(letter))).containsExactly(1L);

        Message<byte[]> message = messages().getFirst();
        assertThat(message.getData()).hasSize(5 << 20);
        assertThat(message.hasKey()).isFalse();
        assertThat(message.getProperties())
                .containsEntry("millrace-quarantine-id", "1")
                .containsEntry("millrace-position", "7:8:1:2")
                .containsEntry("millrace-attempts", "1000")
                .containsKeys("millrace-attempt-1000-message", "millrace-attempt-990-frames")
                .doesNotContainKeys("millrace-message-id", "millrace-attempt-1-message", "a");
        assertThat(Integer.parseInt(message.getProperty("millrace-left-out"))).isGreaterThan(4 + 2);
    }

    @Test
    void the_setup_makes_the_topic_and_names_what_is_missing() throws Exception {
        TopicSetup setup = new TopicSetup(broker.connection(), settings, CounterCodec.FIRST);
        setup.verify();
        assertThat(admin.topics().getPartitionedTopicMetadata(topic).partitions).isZero();
        assertThat(admin.topics().getSubscriptions(topic)).containsExactly("inspect");
        assertThatThrownBy(() -> admin.schemas().getSchemaInfo(topic))
                .isInstanceOf(PulsarAdminException.NotFoundException.class);

        admin.topics().deleteSubscription(topic, "inspect");
        assertThatThrownBy(setup::verify)
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("the subscription inspect is missing on " + topic);
        admin.topics().delete(topic);
        assertThatThrownBy(setup::verify)
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("the dead-letter topic " + topic + " does not exist");

        assertThat(deadLetters.publish(List.of())).isEmpty();
        setup.apply();
        setup.verify();
    }

    @Test
    void a_topic_of_another_pair_of_names_is_told_from_ours() {
        TopicSettings other =
                new TopicSettings(
                        settings.tenant(),
                        settings.namespace(),
                        new StreamName(settings.stream() + "-worker"),
                        1,
                        1,
                        settings.retention(),
                        settings.retentionMegabytes(),
                        settings.backlogQuotaBytes(),
                        settings.replication(),
                        List.of("x"));
        TopicSettings same =
                new TopicSettings(
                        settings.tenant(),
                        settings.namespace(),
                        settings.stream(),
                        2,
                        4,
                        settings.retention(),
                        settings.retentionMegabytes(),
                        settings.backlogQuotaBytes(),
                        settings.replication(),
                        List.of("worker-x"));
        new TopicSetup(broker.connection(), other, CounterCodec.FIRST).apply();

        assertThatThrownBy(new TopicSetup(broker.connection(), same, CounterCodec.FIRST)::apply)
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("belongs to " + settings.stream() + "-worker/x instead of");
    }

    @Test
    void after_the_topic_was_taken_away_and_made_again_letters_are_published() throws Exception {
        assertThat(deadLetters.publish(List.of(DeadLettersContract.letter(1, "m1", "a"))))
                .containsExactly(1L);
        admin.topics().delete(topic, true);
        new TopicSetup(broker.connection(), settings, CounterCodec.FIRST).apply();

        await().ignoreExceptions()
                .until(
                        () ->
                                deadLetters.publish(
                                        List.of(DeadLettersContract.letter(2, "m2", "a"))),
                        receipts -> receipts.contains(2L));
    }

    @Override
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    @Override
    public List<DeadLetter> topic() {
        return messages().stream().map(PulsarDeadLettersTest::letter).toList();
    }

    private List<Message<byte[]>> messages() {
        List<Message<byte[]>> messages = new ArrayList<>();
        try (Reader<byte[]> reader =
                broker.connection()
                        .client()
                        .newReader(Schema.BYTES)
                        .topic(topic)
                        .startMessageId(MessageId.earliest)
                        .create()) {
            while (reader.hasMessageAvailable()) {
                messages.add(reader.readNext());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return messages;
    }

    private static DeadLetter letter(Message<byte[]> message) {
        Map<String, String> properties = new HashMap<>(message.getProperties());
        properties.keySet().removeIf(name -> name.startsWith("millrace-"));
        return new DeadLetter(
                Long.parseLong(message.getProperty("millrace-quarantine-id")),
                message.getProperties().getOrDefault("millrace-message-id", ""),
                message.hasKey() ? message.getKey() : "",
                new Reason(message.getProperty("millrace-reason")),
                attempts(message),
                new Copy(
                        Position.parse(message.getProperty("millrace-position")),
                        Instant.EPOCH,
                        Payload.copyOf(message.getData()),
                        message.getProperty("millrace-schema-version"),
                        properties));
    }

    private static List<FailedAttempt> attempts(Message<byte[]> message) {
        List<FailedAttempt> attempts = new ArrayList<>();
        int failed = Integer.parseInt(message.getProperty("millrace-attempts"));
        for (int number = 1; number <= failed; number++) {
            String name = "millrace-attempt-" + number;
            attempts.add(
                    new FailedAttempt(
                            number,
                            Instant.parse(message.getProperty(name + "-at")),
                            new Failure.Fault(
                                    message.getProperty(name + "-exception"),
                                    message.getProperty(name + "-message"),
                                    message.getProperty(name + "-frames").lines().toList()),
                            message.getProperty("millrace-trace-id")));
        }
        return attempts;
    }

    /** The topic is gone; the client cannot open a producer on it. */
    @Override
    public void makeUnavailable() {
        try {
            admin.topics().delete(topic, true);
        } catch (PulsarAdminException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void makeAvailable() {
        new TopicSetup(broker.connection(), settings, CounterCodec.FIRST).apply();
    }
}
