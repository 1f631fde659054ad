package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("containers")
class ContainerStackTest {

    @Test
    @Timeout(60)
    void an_image_that_cannot_be_had_is_told_at_once_and_by_name() {
        // A registry that nobody serves.
        String absent = "127.0.0.1:1/millrace/absent:1";
        assertThatThrownBy(() -> ContainerStack.requireImage(absent))
                .hasMessageContaining(absent)
                .hasMessageContaining("not on this machine and cannot be pulled")
                .hasMessageContaining("refused");
    }
}
