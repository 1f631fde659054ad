package dev.millrace.adapters.http;

import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.EventReader;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.json.Reading;
import dev.millrace.domain.Key;
import dev.millrace.ports.counter.CountEvent;

import java.util.Optional;

/** The JSON of the second stream, {@code {"key","by"}}: the engine serves it by the same code. */
public final class CounterEventReader implements EventReader<CountEvent> {

    @Override
    public Optional<String> subjectField() {
        return Optional.of("key");
    }

    @Override
    public Reading<CountEvent> read(EventFields fields) {
        Field<Key> key = fields.text("key", Key::new);
        Field<Long> by = fields.wholeNumber("by", number -> number);
        return fields.event(key, () -> new CountEvent(key.value(), by.value(), false));
    }
}
