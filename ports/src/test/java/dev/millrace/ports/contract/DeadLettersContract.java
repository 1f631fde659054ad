package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.TRACE_ID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Copy;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Failure;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.DeadLetters;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What every {@link DeadLetters} must do. */
public interface DeadLettersContract extends Outage {

    /** The same at each call, of a topic that begins empty. */
    DeadLetters deadLetters();

    /** What the topic has, in its order; properties as they came with the copy. */
    List<DeadLetter> topic();

    /** A letter, not all of whose copy is text. */
    static DeadLetter letter(long quarantineId, String messageId, String key) {
        return new DeadLetter(
                quarantineId,
                messageId,
                key,
                Reason.ATTEMPTS_EXHAUSTED,
                List.of(
                        attempt(1, "an overflow", List.of("a.Rule.decide(Rule.java:7)", "a.B.c()")),
                        attempt(2, "", List.of())),
                new Copy(
                        new Position(7, quarantineId, 3, 1),
                        Instant.EPOCH,
                        Payload.copyOf(new byte[] {0, -1, 39, 92, 10, (byte) quarantineId}),
                        "2",
                        Map.of(
                                "origin",
                                "a \"raw\" producer",
                                "traceparent",
                                "00-" + TRACE_ID + "-b7ad6b7169203331-01")));
    }

    private static FailedAttempt attempt(int number, String message, List<String> frames) {
        return new FailedAttempt(
                number,
                Instant.parse("2026-03-10T00:00:00.000001Z"),
                new Failure.Fault("a.Bug", message, frames),
                TRACE_ID);
    }

    @Test
    default void a_letter_is_in_the_topic_as_it_is_once_it_has_its_receipt() {
        DeadLetter letter = letter(1, "m1", "a");

        assertThat(deadLetters().publish(List.of(letter))).containsExactly(1L);

        assertThat(topic()).containsExactly(letter);
    }

    @Test
    default void a_letter_without_key_and_message_id_is_published_too() {
        DeadLetter letter = letter(1, "", "");

        assertThat(deadLetters().publish(List.of(letter))).containsExactly(1L);

        assertThat(topic()).containsExactly(letter);
    }

    @Test
    default void many_letters_go_at_once_and_one_call_follows_the_other() {
        DeadLetter again = letter(4, "m4", "a");

        assertThat(
                        deadLetters()
                                .publish(
                                        List.of(
                                                letter(1, "m1", "a"),
                                                letter(2, "m2", "b"),
                                                letter(3, "m3", "c"))))
                .isEqualTo(Set.of(1L, 2L, 3L));
        assertThat(deadLetters().publish(List.of(again))).containsExactly(4L);
        assertThat(deadLetters().publish(List.of(again))).containsExactly(4L);

        assertThat(topic()).hasSize(5);
        assertThat(topic().subList(3, 5)).containsExactly(again, again);
    }

    @Test
    default void no_letter_is_no_work() {
        assertThat(deadLetters().publish(List.of())).isEmpty();
        assertThat(topic()).isEmpty();
    }

    @Test
    default void an_outage_is_unavailable_and_passes() {
        makeUnavailable();
        assertThatThrownBy(() -> deadLetters().publish(List.of(letter(1, "m1", "a"))))
                .isInstanceOf(Unavailable.class);

        makeAvailable();
        assertThat(deadLetters().publish(List.of(letter(2, "m2", "a")))).containsExactly(2L);
        assertThat(topic()).contains(letter(2, "m2", "a"));
    }
}
