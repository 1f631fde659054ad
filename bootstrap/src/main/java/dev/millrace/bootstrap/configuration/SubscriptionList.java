package dev.millrace.bootstrap.configuration;

import dev.millrace.domain.SubscriptionType;

import java.util.List;

/**
 * How a stream's list of subscriptions is written: {@code name:type:lanes}, separated by commas.
 */
final class SubscriptionList {

    private SubscriptionList() {}

    static Kind<List<SubscriptionSettings>> kind() {
        return new Kind<>(
                "list",
                "must be subscriptions of the form name:type:lanes, separated by commas, with a"
                        + " type of "
                        + Kind.words(SubscriptionType.class)
                        + " and at least one lane",
                SubscriptionList::parse);
    }

    private static List<SubscriptionSettings> parse(String text) {
        return Kind.split(text).stream().map(SubscriptionList::one).toList();
    }

    private static SubscriptionSettings one(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3 || !parts[2].matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException();
        }
        SubscriptionType type = Kind.one(SubscriptionType.class, parts[1]);
        return new SubscriptionSettings(parts[0], type, Integer.parseInt(parts[2]));
    }
}
