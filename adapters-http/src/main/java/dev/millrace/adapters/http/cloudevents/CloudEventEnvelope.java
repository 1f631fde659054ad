package dev.millrace.adapters.http.cloudevents;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.body.Frame;
import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.JsonObjects;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads a CloudEvent that is one JSON object, by the JSON format 1.0.2. For one event. */
final class CloudEventEnvelope {

    private static final String DATA = "data";
    private static final String ENCODED_DATA = "data_base64";

    private final JsonObjects json;
    private final CloudEventAttributes attributes = new CloudEventAttributes();
    private final List<FieldError> errors = new ArrayList<>();
    private EventFields data = new EventFields();
    private boolean dataGiven;

    private CloudEventEnvelope(JsonObjects json) {
        this.json = json;
    }

    /** Reads one, or as much as there is of one that is not whole. */
    static CloudEvent read(Frame frame, JsonObjects json) {
        CloudEventEnvelope envelope = new CloudEventEnvelope(json);
        json.read(frame, envelope::members);
        if (!envelope.dataGiven) {
            envelope.errors.add(FieldError.of(DATA, "is required"));
        }
        return new CloudEvent(
                envelope.attributes, envelope.data, envelope.errors, CloudEvent.Mode.STRUCTURED);
    }

    private void members(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            member(parser.currentName(), parser);
        }
    }

    private void member(String name, JsonParser parser) {
        if (!name.equals(DATA) && !name.equals(ENCODED_DATA)) {
            attributes.put(name, JsonObjects.value(parser));
            return;
        }
        JsonToken token = parser.nextToken();
        if (dataGiven) {
            parser.skipChildren();
            errors.add(FieldError.of(name, "must be given once only, as data or as data_base64"));
        } else if (name.equals(DATA) && token == JsonToken.START_OBJECT) {
            JsonObjects.collect(parser, data);
        } else if (name.equals(ENCODED_DATA) && token == JsonToken.VALUE_STRING) {
            decode(parser.getString())
                    .ifPresentOrElse(
                            decoded -> data = decoded,
                            () ->
                                    errors.add(
                                            FieldError.of(
                                                    name,
                                                    "must be Base64 of a JSON object in UTF-8")));
        } else {
            parser.skipChildren();
            errors.add(
                    FieldError.of(
                            name,
                            name.equals(DATA) ? "must be a JSON object" : "must be a string"));
        }
        dataGiven = true;
    }

    private Optional<EventFields> decode(String encoded) {
        try {
            return Utf8.decode(Base64.getDecoder().decode(encoded)).flatMap(json::fields);
        } catch (IllegalArgumentException broken) {
            return Optional.empty();
        }
    }
}
