package dev.millrace.bootstrap.service;

import dev.millrace.adapters.http.json.EventReader;
import dev.millrace.adapters.http.json.EventWriter;
import dev.millrace.adapters.postgres.StateStore;
import dev.millrace.adapters.pulsar.AvroCodec;
import dev.millrace.bootstrap.configuration.SubscriptionSettings;
import dev.millrace.ports.Stream;

import java.util.List;

/**
 * What each layer knows of one stream, joined.
 *
 * @param stream its business
 * @param reader from JSON
 * @param writer to the same JSON
 * @param codec to and from Avro
 * @param states to and from rows
 * @param subscriptions that apply it
 */
record StreamParts<E, S, F>(
        Stream<E, S, F> stream,
        EventReader<E> reader,
        EventWriter<E> writer,
        AvroCodec<E> codec,
        StateStore<E, S, F> states,
        List<SubscriptionSettings> subscriptions) {

    StreamParts {
        subscriptions = List.copyOf(subscriptions);
    }
}
