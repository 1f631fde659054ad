package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.ledger.AccountId;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

final class IdentifiersTest {

    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~:@+=-";

    private static final Map<String, Function<String, Record>> IDENTIFIERS =
            Map.of("messageId", MessageId::new, "key", Key::new, "accountId", AccountId::new);

    private static final Map<String, Function<String, Record>> NAMES =
            Map.of(
                    "tenant", Tenant::new,
                    "namespace", Namespace::new,
                    "stream", StreamName::new,
                    "reason", Reason::new,
                    "subscription",
                            name ->
                                    new SubscriptionId(
                                            new Tenant("t"),
                                            new Namespace("n"),
                                            new StreamName("s"),
                                            name));

    @Test
    void an_identifier_may_have_each_character_of_the_alphabet_and_no_other() {
        IDENTIFIERS.forEach((field, identifier) -> {
            for (int c = 0; c <= Character.MAX_VALUE; c++) {
                String text = Character.toString((char) c);
                if (ALPHABET.indexOf(c) >= 0) {
                    assertThat(identifier.apply(text)).hasToString(text);
                } else {
                    assertRefused(field, () -> identifier.apply("a" + text));
                }
            }
        });
    }

    @Test
    void an_identifier_has_1_to_200_characters() {
        IDENTIFIERS.forEach((field, identifier) -> {
            assertThat(identifier.apply("x")).isEqualTo(identifier.apply("x"));
            assertThat(identifier.apply("x".repeat(200))).hasToString("x".repeat(200));
            assertRefused(field, () -> identifier.apply(""));
            assertRefused(field, () -> identifier.apply("x".repeat(201)));
        });
    }

    @Test
    void a_name_has_1_to_63_lower_case_letters_digits_and_inner_hyphens() {
        NAMES.forEach((field, name) -> {
            for (String valid : List.of("a", "0", "a-b", "a--b", "x9", "x".repeat(63))) {
                assertThat(name.apply(valid).toString()).endsWith(valid);
            }
            for (String invalid :
                    List.of(
                            "",
                            "-",
                            "-a",
                            "a-",
                            "A",
                            "a_b",
                            "a.b",
                            "a/b",
                            "a b",
                            "é",
                            "a\n",
                            "x".repeat(64))) {
                assertRefused(field, () -> name.apply(invalid));
            }
        });
    }

    @Test
    void a_subscription_is_written_with_all_its_parts() {
        assertThat(
                        new SubscriptionId(
                                new Tenant("t"), new Namespace("n"), new StreamName("s"), "name"))
                .hasToString("t/n/s/name");
    }

    @Test
    void message_ids_and_keys_are_sorted_bytewise() {
        List<String> bytewise =
                List.of("+", "-", "0", "9", ":", "=", "@", "A", "AA", "Z", "a", "~");

        assertThat(new TreeSet<>(bytewise.reversed().stream().map(Key::new).toList()))
                .containsExactlyElementsOf(bytewise.stream().map(Key::new).toList());
        assertThat(new TreeSet<>(bytewise.reversed().stream().map(MessageId::new).toList()))
                .containsExactlyElementsOf(bytewise.stream().map(MessageId::new).toList());
    }

    @Test
    void an_account_is_the_key_of_its_events() {
        assertThat(new AccountId("576").key()).isEqualTo(new Key("576"));
    }

    private static void assertRefused(String field, Supplier<?> construction) {
        assertThatThrownBy(construction::get)
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        invalid -> {
                            assertThat(invalid.field()).isEqualTo(field);
                            assertThat(invalid.rule()).startsWith("must be 1 to ");
                            assertThat(invalid).hasMessage(field + " " + invalid.rule());
                        });
    }
}
