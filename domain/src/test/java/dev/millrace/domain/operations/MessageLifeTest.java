package dev.millrace.domain.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.MessageEvidence.Effect;
import dev.millrace.domain.operations.MessageEvidence.GivenUp;
import dev.millrace.domain.operations.MessageEvidence.Recorded;
import dev.millrace.domain.operations.MessageEvidence.Repeat;
import dev.millrace.domain.operations.MessageEvidence.Stay;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What is told of a message, and what is not since nobody knows. */
final class MessageLifeTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Position FIRST = new Position(7, 1, 0, 0);
    private static final Position SECOND = new Position(7, 2, 0, 0);
    private static final SubscriptionName NAME =
            new SubscriptionName(new StreamName("counter"), "counts");

    @Test
    void an_effect_dates_its_outcome_and_without_one_nobody_knows_when() {
        MessageLife known =
                life(
                        recorded("applied", "", 1),
                        new Effect.Present(new KnownEffect(NOON.plusSeconds(9), "now 5")));
        MessageLife unasked = life(recorded("applied", "", 1), new Effect.Unasked());
        MessageLife missing = life(recorded("applied", "", 1), new Effect.Missing());

        assertThat(known.moments().getLast())
                .isEqualTo(new Moment(NOON.plusSeconds(9), new Happening.Applied("now 5")));
        assertThat(unasked.moments().getLast())
                .isEqualTo(new Moment(Instant.MAX, new Happening.Applied("")));
        assertThat(unasked.moments().getLast().isDated()).isFalse();
        assertThat(missing.moments().getLast().happening())
                .isEqualTo(new Happening.WithoutEffect());
    }

    @Test
    void a_rejection_at_once_was_when_the_event_was_recorded() {
        MessageLife life = life(recorded("rejected", "overdraft", 1), new Effect.Unasked());

        assertThat(life.moments().getLast())
                .isEqualTo(new Moment(NOON, new Happening.Rejected("overdraft")));
        assertThat(life.reason()).isEqualTo("overdraft");
    }

    @Test
    void when_the_first_of_several_copies_was_published_is_told_by_nobody() {
        MessageEvidence evidence =
                new MessageEvidence(
                        NAME,
                        List.of(recorded("applied", "", 2)),
                        List.of(new Repeat(SECOND, NOON.plusSeconds(1))),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        new Effect.Unasked());

        assertThat(MessageLife.of(evidence).moments())
                .extracting(moment -> moment.happening().word())
                .containsExactly("recorded", "repeated", "applied");
    }

    @Test
    void a_conflict_is_told_beside_the_event_that_stands() {
        Stay conflict =
                new Stay(
                        12,
                        SECOND,
                        Reason.CONFLICT,
                        "another event stands",
                        "a",
                        NOON.plusSeconds(1),
                        NOON.plusSeconds(2),
                        true,
                        "");
        MessageEvidence evidence =
                new MessageEvidence(
                        NAME,
                        List.of(recorded("applied", "", 1)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(conflict),
                        List.of(),
                        List.of(),
                        new Effect.Unasked());

        MessageLife life = MessageLife.of(evidence);

        assertThat(life.state()).isEqualTo("applied");
        assertThat(life.reason()).isEmpty();
        assertThat(life.copies()).isEqualTo(2);
        assertThat(life.moments())
                .extracting(moment -> moment.happening().word())
                .containsExactly("published", "recorded", "published", "quarantined", "applied");
    }

    @Test
    void of_a_copy_that_was_given_up_without_a_record_its_end_is_told() {
        AuditEntry act =
                new AuditEntry(
                        3,
                        NOON,
                        new Signature("anna", "nobody needs it"),
                        "discard",
                        "counter",
                        "counts",
                        "a",
                        "m1",
                        Map.of("quarantineId", "12", "attempts", "0"));
        MessageLife life =
                MessageLife.of(
                        new MessageEvidence(
                                NAME,
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(new GivenUp(FIRST, Reason.UNDECODABLE, NOON)),
                                List.of(act),
                                new Effect.Unasked()));

        assertThat(life.state()).isEqualTo("discarded");
        assertThat(life.reason()).isEqualTo("undecodable");
        assertThat(life.key()).isEqualTo("a");
        assertThat(life.moments()).containsExactly(new Moment(NOON, new Happening.Acted(act)));
    }

    private static MessageLife life(Recorded record, Effect effect) {
        return MessageLife.of(
                new MessageEvidence(
                        NAME,
                        List.of(record),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        effect));
    }

    private static Recorded recorded(String state, String reason, int copies) {
        return new Recorded(
                state, reason, "a", "0".repeat(64), FIRST, copies, NOON.minusSeconds(1), NOON);
    }
}
