package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class DigestTest {

    @Test
    void the_digest_of_a_form_never_changes() {
        assertThat(Digest.of(new CanonicalForm("")))
                .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Digest.of(CanonicalForm.of(1, new Key("576"), Map.of("note", "é😀"))))
                .hasToString("a10cb0bd17fe5484384860f9fafdc356322831588d51745ea0684fe79a8c1084");
    }

    @Test
    void a_digest_is_64_lower_case_hexadecimal_digits() {
        assertThat(new Digest("0123456789abcdef".repeat(4)).hex()).hasSize(64);
        for (String text :
                List.of(
                        "",
                        "0".repeat(63),
                        "0".repeat(65),
                        "A".repeat(64),
                        "g".repeat(64),
                        "/".repeat(64),
                        ":".repeat(64),
                        "`".repeat(64))) {
            assertThatThrownBy(() -> new Digest(text))
                    .as(text)
                    .isInstanceOf(InvalidValue.class)
                    .hasMessage("digest must be 64 lower-case hexadecimal digits");
        }
    }
}
