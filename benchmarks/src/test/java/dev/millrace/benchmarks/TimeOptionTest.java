package dev.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import picocli.CommandLine.TypeConversionException;

import java.time.Duration;

final class TimeOptionTest {

    private final TimeOption option = new TimeOption();

    @Test
    void a_time_has_a_unit_or_is_in_seconds() {
        assertThat(option.convert("6")).isEqualTo(Duration.ofSeconds(6));
        assertThat(option.convert("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(option.convert("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(option.convert("1h")).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void what_is_no_time_is_refused() {
        for (String text : new String[] {"", "0", "-1s", "5 m", "1d", "soon"}) {
            assertThatExceptionOfType(TypeConversionException.class)
                    .as(text)
                    .isThrownBy(() -> option.convert(text));
        }
    }
}
