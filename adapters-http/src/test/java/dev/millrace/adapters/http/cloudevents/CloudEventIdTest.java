package dev.millrace.adapters.http.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Message IDs that senders elsewhere can compute too. */
final class CloudEventIdTest {

    @Test
    void the_message_id_is_the_one_that_a_shell_computes() {
        // printf '12:/bank/prague6:171812' | openssl dgst -sha256 -binary | basenc --base64url
        assertThat(CloudEventId.of("/bank/prague", "171812"))
                .hasToString("ce:GjYPLFYazadiZmv075el9GLvbhMx5WlekMX7jBKq8Zc");
        // The same of '8:/východ3:€': lengths count bytes, not characters.
        assertThat(CloudEventId.of("/východ", "€"))
                .hasToString("ce:wGuiYMK8dLjnEsXPAyFDOAASsWBJ7IIGWZJgb6JaIwA");
    }

    @Test
    void source_and_id_do_not_run_into_each_other() {
        assertThat(CloudEventId.of("ab", "c")).isNotEqualTo(CloudEventId.of("a", "bc"));
        assertThat(CloudEventId.of("a1:b", "c")).isNotEqualTo(CloudEventId.of("a", "b1:c"));
    }

    @Test
    void the_longest_source_and_id_make_a_message_id_too() {
        String longest = "x".repeat(CloudEventAttributes.MAX_LENGTH);

        assertThat(CloudEventId.of(longest, longest).value()).hasSize(46);
    }
}
