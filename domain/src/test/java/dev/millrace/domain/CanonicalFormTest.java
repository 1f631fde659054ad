package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

final class CanonicalFormTest {

    @Test
    void the_form_is_version_key_and_fields_by_name_with_their_lengths() {
        assertThat(CanonicalForm.of(1, new Key("k"), Map.of("b", "", "a", "x y")).text())
                .isEqualTo("v1 1:k 1:a 3:x y 1:b 0:");
    }

    @Test
    void the_order_in_which_fields_are_given_makes_no_difference() {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("a", "1");
        one.put("b", "2");
        Map<String, String> other = new LinkedHashMap<>();
        other.put("b", "2");
        other.put("a", "1");

        assertThat(CanonicalForm.of(1, new Key("k"), one))
                .isEqualTo(CanonicalForm.of(1, new Key("k"), other));
    }

    @Test
    void an_absent_field_differs_from_an_empty_one() {
        assertThat(CanonicalForm.of(1, new Key("k"), Map.of()))
                .isNotEqualTo(CanonicalForm.of(1, new Key("k"), Map.of("a", "")));
    }

    /** The alphabet is what the form itself is made of, so that a missing length would show. */
    @Test
    void no_two_different_events_have_the_same_form() {
        long seed = 20_261_123;
        Random random = new Random(seed);
        Map<CanonicalForm, Source> seen = new HashMap<>();
        int repeated = 0;
        for (int i = 0; i < 100_000; i++) {
            Source source = source(random);
            Source before =
                    seen.put(CanonicalForm.of(source.version, source.key, source.fields), source);
            if (before != null) {
                repeated++;
                assertThat(source).as("seed %s, event %s", seed, i).isEqualTo(before);
            }
        }
        assertThat(repeated).as("equal events drawn, so that equality was tested").isPositive();
        assertThat(seen).hasSizeGreaterThan(10_000);
    }

    private record Source(int version, Key key, Map<String, String> fields) {}

    private static Source source(Random random) {
        Map<String, String> fields = new HashMap<>();
        for (int field = random.nextInt(3); field > 0; field--) {
            fields.put(text(random, "1: a"), text(random, "1: v"));
        }
        return new Source(
                1 + random.nextInt(11),
                new Key("1" + text(random, "1:v").trim()),
                Map.copyOf(fields));
    }

    private static String text(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(5); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
