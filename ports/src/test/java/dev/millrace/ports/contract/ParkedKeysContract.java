package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.operations.Hastening;
import dev.millrace.domain.operations.ParkedFilter;
import dev.millrace.domain.operations.ParkedKey;
import dev.millrace.domain.operations.SubscribedKey;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.operations.driven.ParkedKeys;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What every {@link ParkedKeys} must do. Each test begins with empty tables. */
public interface ParkedKeysContract extends OperationsSteps {

    @Test
    default void keys_that_wait_are_listed_with_what_is_tried_next() {
        givenParked(COUNTS, Duration.ofHours(1), List.of(delivery("m1", broken("a"), 1)));
        given(COUNTS, List.of(delivery("m2", add("a", 2), 2)));
        quarantineHead(COUNTS, List.of(delivery("m3", broken("b"), 3)));
        givenParked(OTHERS, Duration.ofHours(1), List.of(delivery("m1", broken("a"), 1)));
        givenParked(FOREIGN, Duration.ofHours(1), List.of(delivery("m1", broken("a"), 1)));

        List<ParkedKey> keys = parkedKeys().list(ParkedFilter.ANY, "", 10);

        assertThat(keys)
                .extracting(key -> key.key().toString())
                .containsExactly("counter/counts/a", "counter/counts/b", "counter/others/a");
        ParkedKey first = keys.getFirst();
        assertThat(first.events()).isEqualTo(2);
        assertThat(first.bytes())
                .isEqualTo(broken("a").toString().length() + add("a", 2).toString().length());
        assertThat(first.awaited()).isEmpty();
        assertThat(first.heads()).hasSize(1);
        assertThat(first.heads().getFirst().messageId()).isEqualTo(new MessageId("m1"));
        assertThat(first.heads().getFirst().position()).isEqualTo(at(1));
        assertThat(first.heads().getFirst().attempts()).isEqualTo(1);
        assertThat(first.heads().getFirst().dueAt()).isAfter(Instant.now().plusSeconds(600));
        ParkedKey waiting = keys.get(1);
        assertThat(waiting.events()).isZero();
        assertThat(waiting.awaited()).containsExactly(only().id());
        assertThat(waiting.heads()).isEmpty();
        assertThat(parkedKeys().list(ParkedFilter.ANY, "", 1)).isEqualTo(keys.subList(0, 1));
        assertThat(parkedKeys().list(ParkedFilter.ANY, first.key().toString(), 1))
                .isEqualTo(keys.subList(1, 2));
        assertThat(parkedKeys().list(new ParkedFilter("counter", "others", "a"), "", 10))
                .isEqualTo(keys.subList(2, 3));
        assertThat(parkedKeys().list(new ParkedFilter("", "", "b"), "", 10)).hasSize(1);
    }

    @Test
    default void a_released_head_is_due_at_once() {
        givenParked(COUNTS, Duration.ofHours(1), List.of(delivery("m1", broken("a"), 1)));
        given(COUNTS, List.of(delivery("m2", add("a", 2), 2)));
        assertThat(parked().due(1)).isEmpty();

        assertThat(parkedKeys().release(counts("a"), ANNA)).isEqualTo(new Hastening.Due(2));

        assertThat(queue().getFirst().attempts()).isEqualTo(1);
        assertThat(release(id -> true)).hasSize(2);
        assertThat(auditLog().read(0, 10))
                .singleElement()
                .satisfies(act -> {
                    assertThat(act.act()).isEqualTo("release");
                    assertThat(act.key()).isEqualTo("a");
                    assertThat(act.details()).containsEntry("events", "2");
                });
    }

    @Test
    default void a_key_that_waits_for_a_person_is_not_released_nor_one_with_nothing_parked() {
        quarantineHead(
                COUNTS, List.of(delivery("m1", broken("a"), 1), delivery("m2", add("a", 2), 2)));
        given(COUNTS, List.of(delivery("m3", add("b", 2), 3)));

        assertThat(parkedKeys().release(counts("a"), ANNA))
                .isEqualTo(new Hastening.AwaitsPerson(List.of(only().id())));
        for (String key : List.of("b", "never-seen")) {
            assertThat(parkedKeys().release(counts(key), ANNA))
                    .isEqualTo(new Hastening.NothingParked());
        }
        assertThat(
                        parkedKeys()
                                .release(
                                        new SubscribedKey(
                                                CounterStream.NAME, "no-such", new Key("a")),
                                        ANNA))
                .isEqualTo(new Hastening.NothingParked());
        assertThat(parked().due(10)).isEmpty();
        assertThat(auditLog().read(0, 10)).isEmpty();
    }
}
