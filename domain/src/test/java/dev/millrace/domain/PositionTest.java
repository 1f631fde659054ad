package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

final class PositionTest {

    @Test
    void a_position_reads_as_it_is_written() {
        for (Position position :
                List.of(
                        new Position(0, 0, 0, 0),
                        new Position(1, 2, 3, 4),
                        new Position(
                                Long.MAX_VALUE,
                                Long.MAX_VALUE,
                                Integer.MAX_VALUE,
                                Integer.MAX_VALUE))) {
            assertThat(Position.parse(position.toString())).isEqualTo(position);
        }
        assertThat(new Position(1, 2, 3, 4)).hasToString("1:2:3:4");
    }

    @Test
    void text_of_another_form_is_refused() {
        for (String text :
                List.of(
                        "",
                        "1:2:3",
                        "1:2:3:4:5",
                        "1:2:3:",
                        ":2:3:4",
                        "a:2:3:4",
                        "1:2:3:4 ",
                        "1:2:3:2147483648",
                        "9223372036854775808:2:3:4",
                        "-1:2:3:4",
                        "1:-2:3:4",
                        "1:2:-3:4",
                        "1:2:3:-4")) {
            assertThatThrownBy(() -> Position.parse(text))
                    .as(text)
                    .isInstanceOf(InvalidValue.class)
                    .hasMessageStartingWith("position must ");
        }
    }
}
