package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.domain.SubscriptionId;

import java.util.List;
import java.util.stream.Collectors;

/** The subscriptions that a process serves, as callers name them. */
record Subscriptions(List<SubscriptionId> all) {

    Subscriptions {
        all = List.copyOf(all);
    }

    /** The one that is meant; a 404 when there is none. */
    SubscriptionId find(String stream, String subscription) {
        return all.stream()
                .filter(each ->
                        each.stream().value().equals(stream) && each.name().equals(subscription))
                .findFirst()
                .orElseThrow(() ->
                        new Refusal(
                                404,
                                ProblemType.NOT_FOUND,
                                "There is no such subscription; stream and subscription name one of"
                                        + " these: "
                                        + all.stream()
                                                .map(each -> each.stream() + "/" + each.name())
                                                .collect(Collectors.joining(", "))
                                        + "."));
    }
}
