package dev.millrace.bootstrap.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class OpenedTest {

    private final List<String> closed = new ArrayList<>();
    private final Opened opened = new Opened();

    @Test
    void what_was_opened_last_is_closed_first() {
        opened.add("first", () -> closed.add("first"));
        opened.add("second", () -> closed.add("second"));

        opened.close();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void one_that_fails_does_not_keep_the_others_open() {
        opened.add("first", () -> closed.add("first"));
        opened.add(
                "broken",
                () -> {
                    throw new IllegalStateException("on purpose");
                });

        opened.close();

        assertThat(closed).containsExactly("first");
    }

    @Test
    void nothing_is_closed_twice() {
        opened.add("only", () -> closed.add("only"));

        opened.close();
        opened.close();

        assertThat(closed).containsExactly("only");
    }

    @Test
    void what_comes_after_the_end_is_closed_at_once() {
        opened.close();

        opened.add("late", () -> closed.add("late"));

        assertThat(closed).containsExactly("late");
    }

    @Test
    void what_fills_a_closed_place_is_closed_at_once() {
        Slot slot = new Slot();
        slot.fill(() -> closed.add("early"));

        slot.close();
        slot.fill(() -> closed.add("late"));

        assertThat(closed).containsExactly("early", "late");
    }
}
