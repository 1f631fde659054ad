package dev.millrace.domain.operations;

import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What the tables of one subscription hold about one message ID, all of it as of one moment.
 *
 * @param records its idempotency record, if there is one
 * @param repeats the further copies that the record counts
 * @param attempts that failed, in order
 * @param waiting its place among the parked events, if it has one
 * @param stays its copies that are in quarantine now, by ID
 * @param givenUp its copies without a record of their own that were discarded
 * @param acts what people did about it, in order
 * @param effect what its stream's own tables say
 */
public record MessageEvidence(
        SubscriptionName subscription,
        List<Recorded> records,
        List<Repeat> repeats,
        List<FailedAttempt> attempts,
        List<Waiting> waiting,
        List<Stay> stays,
        List<GivenUp> givenUp,
        List<AuditEntry> acts,
        Effect effect) {

    public MessageEvidence {
        Objects.requireNonNull(subscription);
        records = List.copyOf(records);
        repeats = List.copyOf(repeats);
        attempts = List.copyOf(attempts);
        waiting = List.copyOf(waiting);
        stays = List.copyOf(stays);
        givenUp = List.copyOf(givenUp);
        acts = List.copyOf(acts);
        Objects.requireNonNull(effect);
    }

    /** Whether no copy is known. */
    public boolean isEmpty() {
        return records.isEmpty() && stays.isEmpty() && givenUp.isEmpty();
    }

    /**
     * The idempotency record.
     *
     * @param state {@code applied}, {@code rejected}, {@code parked}, {@code quarantined} or {@code
     *     discarded}
     * @param reason of a rejection, quarantine or discarding; empty otherwise
     * @param digest in hexadecimal digits
     * @param position of the copy that it is about
     * @param copies how many copies it counts
     * @param publishedAt when the newest of them was published
     * @param recordedAt when the first of them got its record
     */
    public record Recorded(
            String state,
            String reason,
            String key,
            String digest,
            Position position,
            int copies,
            Instant publishedAt,
            Instant recordedAt) {
        public Recorded {
            Objects.requireNonNull(state);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(key);
            Objects.requireNonNull(digest);
            Objects.requireNonNull(position);
            Objects.requireNonNull(publishedAt);
            Objects.requireNonNull(recordedAt);
        }
    }

    /**
     * A further copy.
     *
     * @param at when it was counted
     */
    public record Repeat(Position position, Instant at) {
        public Repeat {
            Objects.requireNonNull(position);
            Objects.requireNonNull(at);
        }
    }

    /**
     * A place among the parked events.
     *
     * @param attempts how many tries have failed since it was parked
     * @param dueAt when it is tried; {@link Instant#MAX} while it waits behind another event of its
     *     key, or its key for a person
     * @param traceId that its caller named; empty when there is none
     */
    public record Waiting(
            Position position,
            Instant publishedAt,
            Instant parkedAt,
            int attempts,
            Instant dueAt,
            String traceId) {
        public Waiting {
            Objects.requireNonNull(position);
            Objects.requireNonNull(publishedAt);
            Objects.requireNonNull(parkedAt);
            Objects.requireNonNull(dueAt);
            Objects.requireNonNull(traceId);
        }
    }

    /**
     * A stay in quarantine that lasts.
     *
     * @param unpublished whether the dead-letter topic does not have it yet
     * @param traceId that its caller named; empty when there is none
     */
    public record Stay(
            long id,
            Position position,
            Reason reason,
            String detail,
            String key,
            Instant publishedAt,
            Instant at,
            boolean unpublished,
            String traceId) {
        public Stay {
            Objects.requireNonNull(position);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(detail);
            Objects.requireNonNull(key);
            Objects.requireNonNull(publishedAt);
            Objects.requireNonNull(at);
            Objects.requireNonNull(traceId);
        }
    }

    /** A copy without a record of its own that somebody gave up. */
    public record GivenUp(Position position, Reason reason, Instant publishedAt) {
        public GivenUp {
            Objects.requireNonNull(position);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(publishedAt);
        }
    }

    /** What the stream's own tables say of an applied event. */
    public sealed interface Effect {

        /** It is there. */
        record Present(KnownEffect known) implements Effect {
            public Present {
                Objects.requireNonNull(known);
            }
        }

        /** The record says applied, and it is not there: somebody has taken it away. */
        record Missing() implements Effect {}

        /** It was not asked for: the event is not applied, or nobody here knows those tables. */
        record Unasked() implements Effect {}
    }
}
