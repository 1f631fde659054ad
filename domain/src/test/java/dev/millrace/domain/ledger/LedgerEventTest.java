package dev.millrace.domain.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Digest;
import dev.millrace.domain.InvalidValue;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

final class LedgerEventTest {

    private static final Instant WHEN = Instant.parse("1993-01-01T00:00:00Z");

    @Test
    void an_amount_is_1_to_2_to_the_53rd_minus_1() {
        assertThat(new Amount(1).minor()).isEqualTo(1);
        assertThat(new Amount(9_007_199_254_740_991L).minor()).isEqualTo(Amount.MAX_MINOR);
        for (long invalid : new long[] {0, -1, 1L << 53, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertRefused("amountMinor", () -> new Amount(invalid));
        }
    }

    @Test
    void a_currency_is_three_capital_letters() {
        assertThat(new CurrencyCode("CZK")).hasToString("CZK");
        for (String invalid : List.of("", "CZ", "CZKK", "czk", "CZ1", "CZ ", "ČZK", "CZ@", "CZ[")) {
            assertRefused("currency", () -> new CurrencyCode(invalid));
        }
    }

    @Test
    void a_type_is_credit_or_debit() {
        for (EntryType type : EntryType.values()) {
            assertThat(EntryType.of(type.toString())).isEqualTo(type);
        }
        assertThat(EntryType.of("credit")).isEqualTo(EntryType.CREDIT);
        assertThat(EntryType.of("debit")).isEqualTo(EntryType.DEBIT);
        for (String invalid : List.of("", "CREDIT", "Debit", "credit ", "transfer")) {
            assertRefused("type", () -> EntryType.of(invalid));
        }
    }

    @Test
    void an_event_occurs_in_the_years_0001_to_9999() {
        for (String valid :
                List.of(
                        "0001-01-01T00:00:00Z",
                        "1969-12-31T23:59:59.999999Z",
                        "9999-12-31T23:59:59.999999Z")) {
            assertThat(event(Instant.parse(valid), "").occurredAt()).isEqualTo(valid);
        }
        for (String invalid :
                List.of(
                        "0000-12-31T23:59:59.999999Z",
                        "+10000-01-01T00:00:00Z",
                        "-0001-01-01T00:00:00Z")) {
            assertRefused("occurredAt", () -> event(Instant.parse(invalid), ""));
        }
        assertRefused("occurredAt", () -> event(Instant.MIN, ""));
        assertRefused("occurredAt", () -> event(Instant.MAX, ""));
    }

    @Test
    void an_event_occurs_at_a_whole_microsecond() {
        assertThat(event(Instant.parse("0001-01-01T00:00:00.000001Z"), "")).isNotNull();
        for (String invalid :
                List.of("2026-01-01T00:00:00.000000001Z", "1960-01-01T00:00:00.0000015Z")) {
            assertRefused("occurredAt", () -> event(Instant.parse(invalid), ""));
        }
    }

    @Test
    void a_description_has_at_most_500_characters() {
        assertThat(event(WHEN, "x".repeat(500)).description()).hasSize(500);
        assertThat(event(WHEN, "😀".repeat(250)).description()).hasSize(500);
        assertRefused("description", () -> event(WHEN, "x".repeat(501)));
        assertRefused("description", () -> event(WHEN, "😀".repeat(250) + "x"));
    }

    @Test
    void a_description_is_text_that_the_database_and_every_encoder_keep() {
        for (String valid : List.of("", " \t\n\u0001", "é", "😀", "a😀b😀", "\uFFFF\uFFFD")) {
            assertThat(event(WHEN, valid).description()).isEqualTo(valid);
        }
        for (String invalid :
                List.of(
                        "\u0000",
                        "a\u0000b",
                        "\uD83D",
                        "\uDE00",
                        "a\uD83D",
                        "\uD83Db",
                        "\uDE00\uD83D",
                        "\uD83D\uD83D\uDE00",
                        "😀\uDE00")) {
            assertRefused("description", () -> event(WHEN, invalid));
        }
    }

    @Test
    void the_digest_of_an_event_never_changes() {
        assertThat(Digest.of(event(WHEN, "cash deposit").canonicalForm()))
                .hasToString("a81a53133b0cda4abec85d75d0fb9a186760ff12cfdecb47f0e6e60e6a22d28d");
        assertThat(event(WHEN, "cash deposit").canonicalForm().text())
                .isEqualTo(
                        "v1 3:576 11:amountMinor 5:90000 8:currency 3:CZK 11:description 12:cash"
                                + " deposit 10:occurredAt 20:1993-01-01T00:00:00Z 4:type 6:credit");
    }

    @Test
    void an_event_without_a_description_is_one_with_an_empty_one() {
        assertThat(event(WHEN, "").canonicalForm().text()).doesNotContain("description");
    }

    @Test
    void each_field_makes_a_difference_to_the_form() {
        LedgerEvent event = event(WHEN, "x");
        assertThat(
                        List.of(
                                event,
                                event(WHEN, "y"),
                                event(WHEN, ""),
                                event(WHEN.plusNanos(1_000), "x"),
                                with("577", EntryType.CREDIT, 90_000, "CZK"),
                                with("576", EntryType.DEBIT, 90_000, "CZK"),
                                with("576", EntryType.CREDIT, 90_001, "CZK"),
                                with("576", EntryType.CREDIT, 90_000, "EUR")))
                .extracting(LedgerEvent::canonicalForm)
                .doesNotHaveDuplicates();
    }

    private static LedgerEvent with(String account, EntryType type, long minor, String currency) {
        return new LedgerEvent(
                new AccountId(account),
                type,
                new Amount(minor),
                new CurrencyCode(currency),
                WHEN,
                "x");
    }

    private static LedgerEvent event(Instant occurredAt, String description) {
        return new LedgerEvent(
                new AccountId("576"),
                EntryType.CREDIT,
                new Amount(90_000),
                new CurrencyCode("CZK"),
                occurredAt,
                description);
    }

    private static void assertRefused(String field, Supplier<?> construction) {
        assertThatThrownBy(construction::get)
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        invalid -> assertThat(invalid.field()).isEqualTo(field));
    }
}
