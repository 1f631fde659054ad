package dev.millrace.adapters.http.events;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.body.Frame;
import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.EventReader;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.json.JsonObjects;
import dev.millrace.adapters.http.json.Reading;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.driving.Submission;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Events as their stream has them, with nothing around them but a {@code messageId}.
 *
 * @param json reads an item's object
 * @param reader reads the stream's event from it
 * @param idempotencyKey the message ID from the request's header, for a request of one event
 * @param properties what stands beside each event
 */
public record EventItems<E>(
        JsonObjects json,
        EventReader<E> reader,
        Optional<MessageId> idempotencyKey,
        Map<String, String> properties)
        implements ItemReader<E> {

    @Override
    public Item<E> read(Frame frame) {
        EventFields fields = json.fields(frame);
        Field<Optional<MessageId>> messageId = messageId(fields);
        String known =
                messageId.isValid() ? messageId.value().map(MessageId::value).orElse("") : "";
        Reading<E> reading = reader.read(fields);
        if (!frame.isWhole()) {
            return new Item.Refused<>(reading.knownKey(), frame.tooLarge().withMessageId(known));
        }
        return switch (reading) {
            case Reading.Valid<E>(Key key, E event) ->
                    new Item.Valid<>(
                            messageId
                                    .value()
                                    .<Submission<E>>map(id ->
                                            new Submission.Identified<>(id, event, properties))
                                    .orElseGet(
                                            () -> new Submission.Anonymous<>(event, properties)));
            case Reading.Invalid<E>(String key, List<FieldError> errors) ->
                    new Item.Refused<>(key, Problem.invalidEvent(errors).withMessageId(known));
        };
    }

    private Field<Optional<MessageId>> messageId(EventFields fields) {
        if (!fields.has("messageId")) {
            return Field.of(idempotencyKey);
        }
        Field<MessageId> given = fields.text("messageId", MessageId::new);
        if (given.isValid()
                && idempotencyKey.filter(key -> !key.equals(given.value())).isPresent()) {
            fields.refuse(
                    FieldError.of(
                            "messageId", "must be the same as the header " + IdempotencyKey.NAME));
            return Field.invalid();
        }
        return given.map(Optional::of);
    }
}
