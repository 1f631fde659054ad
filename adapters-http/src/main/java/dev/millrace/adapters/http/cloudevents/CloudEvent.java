package dev.millrace.adapters.http.cloudevents;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.json.EventFields;

import java.util.List;

/**
 * A CloudEvent as it was written, before its rules are looked at.
 *
 * @param attributes all that is said about the data
 * @param data the members of its JSON object; none when {@code errors} says why
 * @param errors what is wrong with the data as a whole
 * @param mode how it was written
 */
record CloudEvent(
        CloudEventAttributes attributes, EventFields data, List<FieldError> errors, Mode mode) {

    CloudEvent {
        errors = List.copyOf(errors);
    }

    /** Where attributes and data stand, so that errors can point there. */
    enum Mode {
        /** All in one JSON object. */
        STRUCTURED {
            @Override
            String attribute(String name) {
                return FieldError.pointer(name);
            }

            @Override
            String data(String pointer) {
                return "/data" + pointer;
            }
        },
        /** The attributes in headers, the data as the body. */
        BINARY {
            @Override
            String attribute(String name) {
                return CloudEventHeaders.name(name);
            }

            @Override
            String data(String pointer) {
                return pointer;
            }
        };

        /** How errors name an attribute. */
        abstract String attribute(String name);

        /** How errors name a place in the data. */
        abstract String data(String pointer);
    }
}
