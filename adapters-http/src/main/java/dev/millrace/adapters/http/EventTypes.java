package dev.millrace.adapters.http;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.StreamName;

import java.util.Collection;
import java.util.List;

/**
 * What a CloudEvent's {@code type} may be on the path of one stream.
 *
 * @param expected the type of that stream's event
 * @param known the types of all streams of this gate
 */
record EventTypes(String expected, List<String> known) {

    EventTypes {
        known = List.copyOf(known);
    }

    static EventTypes of(StreamName stream, Collection<StreamName> streams) {
        return new EventTypes(type(stream), streams.stream().map(EventTypes::type).toList());
    }

    private static String type(StreamName stream) {
        return "millrace." + stream + ".v1";
    }

    String require(String type) {
        if (!type.equals(expected)) {
            throw new InvalidValue(
                    "type",
                    "must be "
                            + expected
                            + " on this path; the types known to this gate are: "
                            + String.join(", ", known));
        }
        return type;
    }
}
