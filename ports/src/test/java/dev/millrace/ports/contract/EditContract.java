package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Content;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Key;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Payload;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Dossier;
import dev.millrace.domain.operations.Edit;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Revision;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.counter.CountEvent;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What must come of an event that a person edits. Each test begins with empty tables. */
public interface EditContract extends OperationsSteps {

    @Test
    default void an_edited_event_takes_effect_as_it_is_now_and_what_came_is_kept() {
        Delivery.Decoded<CountEvent> head = delivery("m1", broken("a"), 1);
        quarantineHead(COUNTS, List.of(head, delivery("m2", add("a", 2), 2)));
        QuarantinedEvent event = only();

        assertThat(quarantine().edit(event.id(), 0, content(add("a", 5)), ANNA))
                .isEqualTo(new Revision.Edited(event, 1));
        assertThat(quarantine().edit(event.id(), 1, content(add("a", 7)), BERT))
                .isEqualTo(new Revision.Edited(only(1), 2));

        Dossier dossier = dossier(only());
        assertThat(dossier.event().edition()).isEqualTo(2);
        assertThat(dossier.copy()).as("as it came").isEqualTo(head.copy());
        assertThat(dossier.digest()).isEqualTo(head.digest().hex());
        assertThat(dossier.edits()).extracting(Edit::edition).containsExactly(1, 2);
        assertThat(dossier.edits()).extracting(Edit::signature).containsExactly(ANNA, BERT);
        assertThat(dossier.edits())
                .extracting(Edit::payload)
                .containsExactly(content(add("a", 5)).payload(), content(add("a", 7)).payload());
        retry(only());
        assertThat(release(id -> false)).hasSize(2).containsOnly(new Outcome.Applied());
        assertThat(valuesOf(COUNTS, new Key("a"))).containsExactly(7L, 9L);
        assertThat(apply(COUNTS, List.of(delivery("m1", broken("a"), 9))))
                .as("a caller's retry of what it sent")
                .containsExactly(new Outcome.Duplicate(at(1)));
        assertThat(auditLog().read(0, 10))
                .extracting(AuditEntry::act)
                .containsExactly("edit", "edit", "retry");
    }

    @Test
    default void of_two_editors_of_one_edition_the_second_hears_of_the_first() throws Exception {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        long id = only().id();
        Callable<Revision> anna = () -> quarantine().edit(id, 0, content(add("a", 5)), ANNA);
        Callable<Revision> bert = () -> quarantine().edit(id, 0, content(add("a", 7)), BERT);
        List<Revision> revisions = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Revision> revision : threads.invokeAll(List.of(anna, bert))) {
                revisions.add(revision.get());
            }
        }

        assertThat(revisions).filteredOn(Revision.Edited.class::isInstance).hasSize(1);
        assertThat(revisions).contains(new Revision.EditionChanged(1));
        assertThat(dossier(only()).edits()).hasSize(1);
        assertThat(auditLog().read(0, 10)).hasSize(1);
    }

    @Test
    default void an_edited_event_that_comes_back_can_be_edited_on() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        assertThat(quarantine().edit(only().id(), 0, content(broken("a")), ANNA))
                .isInstanceOf(Revision.Edited.class);
        retry(only());
        assertThat(release(EXHAUSTED)).hasSize(1);

        assertThat(only().edition()).isEqualTo(1);
        assertThat(quarantine().edit(only().id(), 1, content(add("a", 5)), ANNA))
                .isInstanceOf(Revision.Edited.class);
        assertThat(quarantine().show(only().id())).isInstanceOf(Inspection.Found.class);
    }

    @Test
    default void what_cannot_be_retried_cannot_be_edited_nor_anything_without_a_reason() {
        given(COUNTS, List.of(delivery("m1", add("a", 1), 1), delivery("m1", add("a", 2), 2)));
        QuarantinedEvent conflict = only();

        assertThat(quarantine().edit(conflict.id(), 0, content(add("a", 1)), ANNA))
                .isEqualTo(new Revision.Refused(conflict));
        assertThat(quarantine().edit(4711, 0, content(add("a", 1)), ANNA))
                .isEqualTo(new Absent.Unknown());
        assertThatThrownBy(() ->
                        quarantine()
                                .edit(
                                        conflict.id(),
                                        0,
                                        content(add("a", 1)),
                                        new Signature("anna", "")))
                .isInstanceOf(InvalidValue.class);
        assertThat(only()).isEqualTo(conflict);
        assertThat(auditLog().read(0, 10)).isEmpty();
    }

    private static Content content(CountEvent event) {
        return new Content("4", Payload.copyOf(event.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private Dossier dossier(QuarantinedEvent event) {
        return ((Inspection.Found) quarantine().show(event.id())).dossier();
    }

    /** The one event as it was at an edition. */
    private QuarantinedEvent only(int edition) {
        QuarantinedEvent now = only();
        return new QuarantinedEvent(
                now.id(),
                now.stream(),
                now.subscription(),
                now.messageId(),
                now.key(),
                now.reason(),
                now.detail(),
                now.position(),
                now.publishedAt(),
                now.quarantinedAt(),
                now.attempts(),
                edition);
    }
}
