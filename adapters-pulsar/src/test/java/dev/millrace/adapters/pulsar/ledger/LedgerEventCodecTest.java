package dev.millrace.adapters.pulsar.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.pulsar.AvroCodec;
import dev.millrace.domain.Identifiers;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Amount;
import dev.millrace.domain.ledger.CurrencyCode;
import dev.millrace.domain.ledger.EntryType;
import dev.millrace.domain.ledger.LedgerEvent;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

final class LedgerEventCodecTest {

    private static final AvroCodec<LedgerEvent> CODEC = LedgerEventCodec.create();

    private static final LedgerEvent EVENT =
            event("576", 90_000, Instant.parse("1993-01-01T00:00:00Z"), "cash deposit");

    @Test
    void what_was_written_is_read_as_it_was() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            LedgerEvent event = random(random);
            assertThat(CODEC.decode(CODEC.schema(), CODEC.encode(event)))
                    .as("seed %d, event %d", seed, i)
                    .isEqualTo(new AvroCodec.Reading.Event<>(event));
        }
    }

    @Test
    void the_bounds_of_every_field_are_kept() {
        for (LedgerEvent event :
                List.of(
                        event("a", 1, Instant.parse("0001-01-01T00:00:00Z"), ""),
                        event(
                                "~".repeat(Identifiers.MAX_LENGTH),
                                Amount.MAX_MINOR,
                                Instant.parse("9999-12-31T23:59:59.999999Z"),
                                "\uFFFF".repeat(LedgerEvent.MAX_DESCRIPTION_LENGTH)),
                        event("a", 1, Instant.parse("1969-12-31T23:59:59.999999Z"), "\u0001"))) {
            assertThat(CODEC.decode(CODEC.schema(), CODEC.encode(event)))
                    .isEqualTo(new AvroCodec.Reading.Event<>(event));
        }
    }

    @Test
    void bytes_that_are_cut_or_too_many_are_unreadable() {
        byte[] bytes = CODEC.encode(EVENT);
        for (int length = 0; length < bytes.length + 3; length++) {
            if (length != bytes.length) {
                assertUnreadable(Arrays.copyOf(bytes, length));
            }
        }
    }

    /** Each lane would take that memory for it before anybody counts what kills the process. */
    @Test
    void a_length_beyond_the_bytes_is_unreadable_before_it_takes_memory() {
        // 2,000,000,000 as Avro writes it, where the account's name begins.
        assertUnreadable(
                new byte[] {(byte) 0x80, (byte) 0xD0, (byte) 0xAC, (byte) 0xF3, 0x0E, 'a', 'b'});
    }

    @Test
    void random_bytes_never_throw() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            assertThat(CODEC.decode(CODEC.schema(), bytes)).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void a_record_that_breaks_a_rule_of_the_model_is_unreadable_and_says_which() {
        assertThat(decode("no space please", "credit", 1L, "CZK")).contains("accountId");
        assertThat(decode("a", "gift", 1L, "CZK")).contains("type");
        assertThat(decode("a", "credit", 0L, "CZK")).contains("amount");
        assertThat(decode("a", "credit", 1L, "czk")).contains("currency");
    }

    /** Producers in other languages register the same text: nothing of Java may stand in it. */
    @Test
    void the_contract_says_nothing_of_java() {
        assertThat(CODEC.schema().toString())
                .doesNotContain("avro.java")
                .contains("timestamp-micros");
    }

    private static String decode(String account, String type, long amount, String currency) {
        GenericData.Record record = new GenericData.Record(CODEC.schema());
        record.put("accountId", account);
        record.put("type", type);
        record.put("amountMinor", amount);
        record.put("currency", currency);
        record.put("occurredAt", EVENT.occurredAt());
        Schema schema = CODEC.schema();
        byte[] bytes =
                new AvroCodec<LedgerEvent>(schema, () -> record, _ -> record, _ -> EVENT)
                        .encode(EVENT);
        return unreadable(bytes);
    }

    private static void assertUnreadable(byte[] bytes) {
        assertThat(unreadable(bytes)).isNotEmpty();
    }

    private static String unreadable(byte[] bytes) {
        return switch (CODEC.decode(CODEC.schema(), bytes)) {
            case AvroCodec.Reading.Event<LedgerEvent>(LedgerEvent event) ->
                    throw new AssertionError("read as " + event);
            case AvroCodec.Reading.Unreadable<LedgerEvent>(String why) -> why;
        };
    }

    private static LedgerEvent event(String account, long amount, Instant at, String description) {
        return new LedgerEvent(
                new AccountId(account),
                EntryType.CREDIT,
                new Amount(amount),
                new CurrencyCode("CZK"),
                at,
                description);
    }

    private static LedgerEvent random(Random random) {
        long micros = random.nextLong(-62_135_596_800_000_000L, 253_402_300_800_000_000L);
        return new LedgerEvent(
                new AccountId("account:" + random.nextInt(1_000)),
                random.nextBoolean() ? EntryType.CREDIT : EntryType.DEBIT,
                new Amount(random.nextLong(1, Amount.MAX_MINOR + 1)),
                new CurrencyCode(random.nextBoolean() ? "CZK" : "EUR"),
                Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
                text(random));
    }

    /** Characters of all planes, but for those that no event may have. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(100); left > 0; left--) {
            int codePoint = random.nextInt(1, Character.MAX_CODE_POINT + 1);
            if (!Character.isSupplementaryCodePoint(codePoint)
                    && Character.isSurrogate((char) codePoint)) {
                continue;
            }
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }
}
