package dev.millrace.bootstrap.service;

import dev.millrace.bootstrap.configuration.Configuration;
import dev.millrace.bootstrap.configuration.SubscriptionSettings;
import dev.millrace.domain.flow.Bottleneck;
import dev.millrace.ports.ledger.LedgerStream;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What {@code /info} tells: which program this is, what it does, and what holds it up. */
record Info(
        Configuration configuration,
        String version,
        Instant startedAt,
        Supplier<Bottleneck> bottleneck) {

    Map<String, ?> describe() {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("name", "millrace");
        info.put("version", version);
        info.put("startedAt", startedAt.toString());
        info.put("roles", roles(configuration));
        info.put("tenant", configuration.tenant().value());
        info.put("namespace", configuration.namespace().value());
        info.put("streams", List.of(LedgerStream.NAME.value()));
        info.put(
                "subscriptions",
                configuration.subscriptions().stream().map(Info::describe).toList());
        info.put("bottleneck", describe(bottleneck.get()));
        return info;
    }

    private static Map<String, ?> describe(SubscriptionSettings subscription) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("stream", LedgerStream.NAME.value());
        description.put("name", subscription.name());
        description.put("type", word(subscription.type()));
        description.put("lanes", subscription.lanes());
        return description;
    }

    private static Map<String, ?> describe(Bottleneck bottleneck) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("kind", bottleneck.kind().word());
        description.put("verdict", bottleneck.verdict());
        description.put("advice", bottleneck.advice());
        return description;
    }

    /** The roles of a process in lower case. */
    static List<String> roles(Configuration configuration) {
        return configuration.roles().stream().map(Info::word).toList();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
