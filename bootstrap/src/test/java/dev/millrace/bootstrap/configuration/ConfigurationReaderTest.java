package dev.millrace.bootstrap.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Backoff;
import dev.millrace.domain.FailurePolicy;
import dev.millrace.domain.ParkingLimit;
import dev.millrace.domain.SubscriptionType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ConfigurationReaderTest {

    private static final Map<String, String> ADDRESSES =
            Map.of(
                    "MILLRACE_PULSAR_SERVICE_URL", "pulsar://broker:6650",
                    "MILLRACE_PULSAR_ADMIN_URL", "http://broker:8080",
                    "MILLRACE_POSTGRES_URL", "jdbc:postgresql://database/millrace",
                    "MILLRACE_POSTGRES_USER", "millrace");

    @TempDir private Path directory = Path.of("");

    @Test
    void addresses_are_enough() {
        Configuration configuration = read();

        assertThat(configuration.roles()).containsExactlyInAnyOrder(Role.values());
        assertThat(configuration.gate().port()).isEqualTo(8080);
        assertThat(configuration.publisher().maxDelay()).isEqualTo(Duration.ofMillis(5));
        assertThat(configuration.gate().limits().maxBodyBytes()).isEqualTo(16 << 20);
        assertThat(configuration.postgres().maxPoolSize()).isEqualTo(2 + 6);
        assertThat(configuration.subscriptions())
                .containsExactly(
                        new SubscriptionSettings("ledger", SubscriptionType.KEY_SHARED, 2));
    }

    @Test
    void every_default_keeps_its_own_rule() {
        for (Setting<?> setting : Settings.all()) {
            if (!setting.fallback().isEmpty()) {
                assertThat(setting.parse(setting.fallback())).as(setting.name()).isNotNull();
            }
        }
    }

    @Test
    void all_mistakes_are_reported_at_once_with_name_value_source_and_rule() {
        InvalidConfiguration mistakes =
                refused(
                        "MILLRACE_GATE_PORT",
                        "99999",
                        "MILLRACE_SETUP",
                        "maybe",
                        "MILLRACE_PUBLISH_MAX_DELAY",
                        "5");

        assertThat(mistakes.mistakes())
                .containsExactly(
                        new Mistake(
                                "millrace.gate.port",
                                "99999",
                                "MILLRACE_GATE_PORT",
                                "must be a whole number from 0 to 65535"),
                        new Mistake(
                                "millrace.setup",
                                "maybe",
                                "MILLRACE_SETUP",
                                "must be one of apply, verify"),
                        new Mistake(
                                "millrace.publish.max.delay",
                                "5",
                                "MILLRACE_PUBLISH_MAX_DELAY",
                                "must be a whole number with a unit of ms, s, m, h or d, from 1ms"
                                        + " to 10s"));
        assertThat(mistakes)
                .hasMessageContaining("3 settings are wrong")
                .hasMessageContaining("millrace.setup=maybe");
    }

    @Test
    void an_unknown_variable_is_a_mistake_with_a_guess_and_without_its_value() {
        InvalidConfiguration mistakes = refused("MILLRACE_POSTGRES_PASWORD", "open sesame");

        assertThat(mistakes)
                .hasMessageContaining("did you mean MILLRACE_POSTGRES_PASSWORD?")
                .message()
                .doesNotContain("sesame");
    }

    @Test
    void an_unknown_property_is_a_mistake() throws IOException {
        Path file = file("settings.properties", "millrace.lane=3\n");

        InvalidConfiguration mistakes = refused("MILLRACE_CONFIG", file.toString());

        assertThat(mistakes.mistakes())
                .containsExactly(
                        new Mistake(
                                "millrace.lane",
                                "",
                                file.toString(),
                                "is no setting; did you mean millrace.lanes?"));
    }

    @Test
    void the_environment_goes_before_the_file_and_the_file_before_the_default() throws IOException {
        Path file = file("settings.properties", "millrace.lanes=3\nmillrace.batch.max.events=7\n");

        Values values = read("MILLRACE_CONFIG", file.toString(), "MILLRACE_LANES", "4").values();

        assertThat(values.shown(Settings.LANES)).isEqualTo(new Values.Value("4", "MILLRACE_LANES"));
        assertThat(values.shown(Settings.BATCH_MAX_EVENTS))
                .isEqualTo(new Values.Value("7", file.toString()));
        assertThat(values.shown(Settings.PARTITIONS)).isEqualTo(new Values.Value("4", "default"));
    }

    @Test
    void the_file_of_the_command_line_goes_before_that_of_the_variable() throws IOException {
        Path file = file("settings.properties", "millrace.lanes=3\n");
        Map<String, String> environment = environment("MILLRACE_CONFIG", "/nowhere");

        Configuration configuration = ConfigurationReader.read(environment, file.toString());

        assertThat(configuration.subscriptions().getFirst().lanes()).isEqualTo(3);
    }

    @Test
    void a_file_that_is_missing_is_a_mistake() {
        assertThat(refused("MILLRACE_CONFIG", "/nowhere/settings.properties"))
                .hasMessageContaining(
                        "MILLRACE_CONFIG=/nowhere/settings.properties: must name a readable"
                                + " properties file");
    }

    @Test
    void a_secret_may_stand_in_a_file_of_its_own_and_is_never_shown() throws IOException {
        Path file = file("password", "open sesame\n");

        Configuration configuration = read("MILLRACE_POSTGRES_PASSWORD_FILE", file.toString());

        assertThat(configuration.postgres().password()).isEqualTo("open sesame");
        assertThat(configuration.values().shown(Settings.POSTGRES_PASSWORD).text())
                .isEqualTo("********");
    }

    @Test
    void a_secret_given_twice_is_a_mistake_that_does_not_show_it() throws IOException {
        Path file = file("password", "one");

        InvalidConfiguration mistakes =
                refused(
                        "MILLRACE_POSTGRES_PASSWORD_FILE",
                        file.toString(),
                        "MILLRACE_POSTGRES_PASSWORD",
                        "sesame");

        assertThat(mistakes)
                .hasMessageContaining("must not be set together with MILLRACE_POSTGRES_PASSWORD")
                .message()
                .doesNotContain("sesame");
    }

    @Test
    void the_running_stack_stands_in_for_what_is_not_named() throws IOException {
        writeStack();

        Configuration configuration =
                ConfigurationReader.read(
                        Map.of("MILLRACE_STACK_DIRECTORY", directory.toString()), "");

        assertThat(configuration.pulsar().serviceUrl()).isEqualTo("pulsar://127.0.0.1:1");
        assertThat(configuration.postgres().password()).isEqualTo("stack-password");
        assertThat(configuration.values().shown(Settings.POSTGRES_USER).source())
                .endsWith("endpoints.properties");
    }

    @Test
    void the_stacks_password_never_goes_to_another_database() throws IOException {
        writeStack();

        Configuration configuration = read("MILLRACE_STACK_DIRECTORY", directory.toString());

        assertThat(configuration.postgres().password()).isEmpty();
        assertThat(configuration.pulsar().serviceUrl()).isEqualTo("pulsar://broker:6650");
    }

    @Test
    void an_address_is_needed_only_by_a_role_that_uses_it() {
        String nowhere = directory.toString();

        Configuration reads =
                ConfigurationReader.read(
                        Map.of(
                                "MILLRACE_STACK_DIRECTORY", nowhere,
                                "MILLRACE_ROLES", "reads",
                                "MILLRACE_POSTGRES_URL", "jdbc:postgresql://database/millrace",
                                "MILLRACE_POSTGRES_USER", "millrace"),
                        "");
        InvalidConfiguration gate =
                catchThrowableOfType(
                        InvalidConfiguration.class,
                        () ->
                                ConfigurationReader.read(
                                        Map.of(
                                                "MILLRACE_STACK_DIRECTORY",
                                                nowhere,
                                                "MILLRACE_ROLES",
                                                "gate"),
                                        ""));

        assertThat(reads.needsBroker()).isFalse();
        assertThat(gate.mistakes())
                .extracting(Mistake::name)
                .containsExactly("millrace.pulsar.service.url", "millrace.pulsar.admin.url");
        assertThat(gate).hasMessageContaining("./millrace stack");
    }

    @Test
    void lanes_beyond_what_the_type_allows_are_refused_with_the_reason() {
        assertThat(refused("MILLRACE_SUBSCRIPTION_TYPE", "exclusive"))
                .hasMessageContaining(
                        "must be at most 1: an exclusive subscription has one consumer");
        assertThat(refused("MILLRACE_SUBSCRIPTION_TYPE", "failover", "MILLRACE_LANES", "5"))
                .hasMessageContaining("must be at most 4: a failover subscription");
        assertThat(refused("MILLRACE_LANES", "17"))
                .hasMessageContaining("must be at most 16: a key_shared subscription");
        assertThat(
                        read("MILLRACE_SUBSCRIPTION_TYPE", "shared", "MILLRACE_LANES", "17")
                                .subscriptions())
                .hasSize(1);
    }

    @Test
    void queues_beyond_what_the_broker_leaves_unacknowledged_are_refused_with_the_arithmetic() {
        assertThat(refused("MILLRACE_BATCH_MAX_EVENTS", "6251"))
                .hasMessageContaining(
                        "a lane may hold 50008 events of one partition unacknowledged, and the"
                                + " broker stops at 50000");
        assertThat(read("MILLRACE_BATCH_MAX_EVENTS", "6250").subscriptions()).hasSize(1);
        assertThat(refused("MILLRACE_SUBSCRIPTION_TYPE", "shared", "MILLRACE_LANES", "51"))
                .hasMessageContaining("all lanes of it 204000, and the broker stops at 200000");
        assertThat(
                        read(
                                        "MILLRACE_SUBSCRIPTION_TYPE",
                                        "failover",
                                        "MILLRACE_BATCH_MAX_EVENTS",
                                        "10000")
                                .subscriptions())
                .as("the broker does not count where there is one receiver")
                .hasSize(1);
    }

    @Test
    void two_subscriptions_on_one_state_store_are_refused() throws IOException {
        Path file =
                file(
                        "settings.properties",
                        "millrace.streams.ledger-entries.subscriptions=a:shared:1,"
                                + " b:exclusive:1\n");

        assertThat(refused("MILLRACE_CONFIG", file.toString()))
                .hasMessageContaining("each would book every entry");
    }

    @Test
    void a_list_of_subscriptions_replaces_the_shorthand() throws IOException {
        Path file =
                file(
                        "settings.properties",
                        "millrace.streams.ledger-entries.subscriptions=books:failover:3\n");

        assertThat(read("MILLRACE_CONFIG", file.toString()).subscriptions())
                .isEqualTo(
                        List.of(new SubscriptionSettings("books", SubscriptionType.FAILOVER, 3)));
        assertThat(refused("MILLRACE_CONFIG", file.toString(), "MILLRACE_LANES", "1"))
                .hasMessageContaining("must not be set together with");
    }

    @Test
    void the_horizon_must_exceed_the_retention() {
        assertThat(refused("MILLRACE_RETENTION", "30d"))
                .hasMessageContaining(
                        "millrace.purge.horizon=14d (default): must be more than"
                                + " millrace.retention, which is 30d");
    }

    @Test
    void a_stop_must_have_time_for_its_drain_and_more() {
        assertThat(read().gateDrain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(refused("MILLRACE_SHUTDOWN_TIMEOUT", "5s"))
                .hasMessageContaining("must be more than millrace.gate.drain, which is 5s");
        assertThat(read("MILLRACE_SHUTDOWN_TIMEOUT", "5s", "MILLRACE_GATE_DRAIN", "0s").gateDrain())
                .isZero();
    }

    @Test
    void a_retention_may_be_never() {
        Configuration plain = read();
        assertThat(plain.auditLogRetention()).contains(Duration.ofDays(365));
        assertThat(plain.jobsRetention()).contains(Duration.ofDays(30));
        assertThat(plain.discardAfter()).as("only where it is wanted").isEmpty();

        Configuration set =
                read(
                        "MILLRACE_AUDIT_LOG_RETENTION",
                        "never",
                        "MILLRACE_QUARANTINE_DISCARD_AFTER",
                        "90d");
        assertThat(set.auditLogRetention()).isEmpty();
        assertThat(set.discardAfter()).contains(Duration.ofDays(90));
        assertThat(refused("MILLRACE_JOBS_RETENTION", "23h"))
                .hasMessageContaining("must be never or a whole number with a unit");
    }

    @Test
    void decisions_must_be_quicker_than_what_waits_for_them() {
        assertThat(refused("MILLRACE_DECISION_TIMEOUT", "3s"))
                .hasMessageContaining(
                        "millrace.postgres.lock.timeout=3s (default): must be more than"
                                + " millrace.decision.timeout, which is 3s");
        assertThat(refused("MILLRACE_DECISION_MAX_HANGING", "15"))
                .hasMessageContaining(
                        "millrace.postgres.idle.timeout=15s (default): must be more than"
                                + " millrace.decision.max.hanging times millrace.decision.timeout,"
                                + " which is 15000ms");
    }

    @Test
    void what_follows_from_failures_is_read() {
        Configuration configuration =
                read(
                        "MILLRACE_RETRY_MAX_ATTEMPTS",
                        "3",
                        "MILLRACE_STREAMS_LEDGER_ENTRIES_AFTER_QUARANTINE",
                        "goes_on",
                        "MILLRACE_PARKED_MAX_EVENTS",
                        "7");

        assertThat(configuration.failures())
                .isEqualTo(
                        new FailurePolicy(
                                new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5)),
                                3,
                                AfterQuarantine.GOES_ON));
        assertThat(configuration.parking()).isEqualTo(new ParkingLimit(7, 256L << 20, 10_000));
        assertThat(refused("MILLRACE_RETRY_MAX_ATTEMPTS", "1"))
                .hasMessageContaining("from 2 to 1000");
    }

    @Test
    void an_empty_variable_is_one_that_is_not_set() {
        assertThat(read("MILLRACE_GATE_PORT", "").gate().port()).isEqualTo(8080);
    }

    private static Configuration read(String... more) {
        return ConfigurationReader.read(environment(more), "");
    }

    private static InvalidConfiguration refused(String... more) {
        return Objects.requireNonNull(
                catchThrowableOfType(InvalidConfiguration.class, () -> read(more)));
    }

    private static Map<String, String> environment(String... more) {
        Map<String, String> environment = new HashMap<>(ADDRESSES);
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    private void writeStack() throws IOException {
        Path file =
                file(
                        "endpoints.properties",
                        """
                        pulsar.service-url=pulsar://127.0.0.1:1
                        pulsar.admin-url=http://127.0.0.1:2
                        postgres.url=jdbc:postgresql://127.0.0.1:3/millrace
                        postgres.user=millrace
                        postgres.password=stack-password
                        """);
        assertThat(file).exists();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
