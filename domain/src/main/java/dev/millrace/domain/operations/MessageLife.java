package dev.millrace.domain.operations;

import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one subscription made of an event, told from its first copy to its last outcome.
 *
 * @param state {@code applied}, {@code rejected}, {@code parked}, {@code quarantined} or {@code
 *     discarded}
 * @param reason of a rejection, quarantine or discarding; empty otherwise
 * @param key empty when its copies have none
 * @param digest in hexadecimal digits; empty without a record
 * @param copies how many copies of it have arrived, conflicts among them
 * @param traceId that its caller named; empty when none is kept
 * @param moments in the order of time
 */
public record MessageLife(
        SubscriptionName subscription,
        String state,
        String reason,
        String key,
        String digest,
        int copies,
        String traceId,
        List<Moment> moments) {

    private static final String QUARANTINE_ID = "quarantineId";

    public MessageLife {
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(state);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(key);
        Objects.requireNonNull(digest);
        Objects.requireNonNull(traceId);
        moments = List.copyOf(moments);
    }

    /** Tells what the evidence says. */
    public static MessageLife of(MessageEvidence evidence) {
        List<Moment> moments = new ArrayList<>();
        evidence.records().forEach(record -> addRecord(moments, evidence, record));
        evidence.repeats()
                .forEach(repeat ->
                        add(moments, repeat.at(), new Happening.Repeated(repeat.position())));
        evidence.attempts()
                .forEach(attempt -> add(moments, attempt.at(), new Happening.Failed(attempt)));
        evidence.stays().forEach(stay -> addStay(moments, evidence, stay));
        addEndedStays(moments, evidence);
        evidence.acts().forEach(act -> add(moments, act.at(), new Happening.Acted(act)));
        evidence.waiting()
                .forEach(place ->
                        add(
                                moments,
                                parkedAt(place, evidence),
                                new Happening.Parked(place.attempts(), place.dueAt())));
        evidence.records().forEach(record -> addOutcome(moments, evidence, record));
        moments.sort(Comparator.comparing(Moment::at));
        return new MessageLife(
                evidence.subscription(),
                state(evidence),
                reason(evidence),
                key(evidence),
                evidence.records().stream()
                        .map(MessageEvidence.Recorded::digest)
                        .findFirst()
                        .orElse(""),
                copies(evidence),
                traceId(evidence),
                moments);
    }

    private static void add(List<Moment> moments, Instant at, Happening happening) {
        moments.add(new Moment(at, happening));
    }

    /** The record keeps the publish time of the newest copy only, which is the first if alone. */
    private static void addRecord(
            List<Moment> moments, MessageEvidence evidence, MessageEvidence.Recorded record) {
        List<Instant> published = new ArrayList<>();
        evidence.waiting().forEach(place -> published.add(place.publishedAt()));
        evidence.stays().stream()
                .filter(stay -> stay.position().equals(record.position()))
                .forEach(stay -> published.add(stay.publishedAt()));
        if (record.copies() == 1) {
            published.add(record.publishedAt());
        }
        published.stream()
                .findFirst()
                .ifPresent(at -> add(moments, at, new Happening.Published(record.position())));
        add(moments, record.recordedAt(), new Happening.Recorded(record.position()));
    }

    private static void addStay(
            List<Moment> moments, MessageEvidence evidence, MessageEvidence.Stay stay) {
        boolean own =
                evidence.records().stream()
                        .anyMatch(record -> record.position().equals(stay.position()));
        if (!own) {
            add(moments, stay.publishedAt(), new Happening.Published(stay.position()));
        }
        add(
                moments,
                own ? quarantinedAt(stay, evidence) : stay.at(),
                new Happening.Quarantined(
                        stay.id(),
                        stay.position(),
                        stay.reason(),
                        stay.detail(),
                        stay.unpublished()));
    }

    /**
     * A transaction dates rows by its beginning, and tries and acts by the moment: what it parks is
     * parked after the try that failed, or the act that put it back.
     */
    private static Instant parkedAt(MessageEvidence.Waiting place, MessageEvidence evidence) {
        Stream<Instant> retries =
                evidence.acts().stream()
                        .filter(act -> act.act().equals("retry"))
                        .map(AuditEntry::at);
        Stream<Instant> first = evidence.attempts().stream().limit(1).map(FailedAttempt::at);
        return latest(place.parkedAt(), Stream.concat(retries, first));
    }

    private static Instant quarantinedAt(MessageEvidence.Stay stay, MessageEvidence evidence) {
        return latest(stay.at(), evidence.attempts().stream().map(FailedAttempt::at));
    }

    private static Instant latest(Instant began, Stream<Instant> others) {
        return Stream.concat(Stream.of(began), others).max(Comparator.naturalOrder()).orElse(began);
    }

    /**
     * A stay that is over has left its end in the audit log, which says after how many tries it had
     * begun: it began with the last of them, in one transaction.
     */
    private static void addEndedStays(List<Moment> moments, MessageEvidence evidence) {
        Set<Long> told = new HashSet<>();
        evidence.stays().forEach(stay -> told.add(stay.id()));
        for (AuditEntry act : evidence.acts()) {
            long id = Long.parseLong(act.details().getOrDefault(QUARANTINE_ID, "0"));
            if (id == 0 || !told.add(id)) {
                continue;
            }
            String attempts = act.details().getOrDefault("attempts", "0");
            evidence.attempts().stream()
                    .filter(attempt -> Integer.toString(attempt.number()).equals(attempts))
                    .findFirst()
                    .ifPresent(last -> addEndedStay(moments, id, act, last));
        }
    }

    private static void addEndedStay(
            List<Moment> moments, long id, AuditEntry act, FailedAttempt last) {
        add(
                moments,
                last.at(),
                new Happening.Quarantined(
                        id,
                        Position.parse(act.details().getOrDefault("position", "")),
                        new Reason(act.details().getOrDefault("reason", "")),
                        "",
                        false));
    }

    /** When an outcome was reached is known where it was at once, or the effect itself tells. */
    private static void addOutcome(
            List<Moment> moments, MessageEvidence evidence, MessageEvidence.Recorded record) {
        boolean atOnce = evidence.attempts().isEmpty() && evidence.acts().isEmpty();
        switch (record.state()) {
            case "applied" ->
                    moments.add(
                            switch (evidence.effect()) {
                                case MessageEvidence.Effect.Present(KnownEffect known) ->
                                        new Moment(
                                                known.at(), new Happening.Applied(known.words()));
                                case MessageEvidence.Effect.Missing() ->
                                        new Moment(Instant.MAX, new Happening.WithoutEffect());
                                case MessageEvidence.Effect.Unasked() ->
                                        new Moment(Instant.MAX, new Happening.Applied(""));
                            });
            case "rejected" ->
                    moments.add(
                            new Moment(
                                    atOnce ? record.recordedAt() : Instant.MAX,
                                    new Happening.Rejected(record.reason())));
            default -> {
                // What waits, lies in quarantine or was given up has told so already.
            }
        }
    }

    private static String state(MessageEvidence evidence) {
        if (!evidence.records().isEmpty()) {
            return evidence.records().getFirst().state();
        }
        return evidence.stays().isEmpty() ? "discarded" : "quarantined";
    }

    private static String reason(MessageEvidence evidence) {
        if (!evidence.records().isEmpty()) {
            return evidence.records().getFirst().reason();
        }
        return Stream.concat(
                        evidence.stays().stream().map(MessageEvidence.Stay::reason),
                        evidence.givenUp().stream().map(MessageEvidence.GivenUp::reason))
                .map(Reason::value)
                .findFirst()
                .orElse("");
    }

    private static String key(MessageEvidence evidence) {
        List<String> keys = new ArrayList<>();
        evidence.records().forEach(record -> keys.add(record.key()));
        evidence.stays().forEach(stay -> keys.add(stay.key()));
        evidence.acts().forEach(act -> keys.add(act.key()));
        return keys.stream().filter(key -> !key.isEmpty()).findFirst().orElse("");
    }

    private static int copies(MessageEvidence evidence) {
        Set<Position> own = new HashSet<>();
        evidence.records().forEach(record -> own.add(record.position()));
        long others =
                evidence.stays().stream().filter(stay -> !own.contains(stay.position())).count()
                        + evidence.givenUp().size();
        return evidence.records().stream().mapToInt(MessageEvidence.Recorded::copies).sum()
                + Math.toIntExact(others);
    }

    private static String traceId(MessageEvidence evidence) {
        List<String> known = new ArrayList<>();
        evidence.attempts().forEach(attempt -> known.add(attempt.traceId()));
        evidence.waiting().forEach(place -> known.add(place.traceId()));
        evidence.stays().forEach(stay -> known.add(stay.traceId()));
        return known.stream().filter(id -> !id.isEmpty()).findFirst().orElse("");
    }
}
