package dev.millrace.adapters.http.cloudevents;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.StreamName;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a CloudEvent's {@code type} may be: the name of a stream's event.
 *
 * @param stream of the path, whose event it must be
 * @param streams all that this gate has
 */
public record EventTypes(StreamName stream, List<StreamName> streams) {

    public EventTypes {
        streams = List.copyOf(streams);
    }

    /**
     * Answers the type when it is the one.
     *
     * @throws InvalidValue with all types there are, when it is not
     */
    String require(String type) {
        if (!type.equals(type(stream))) {
            throw new InvalidValue(
                    "type",
                    "must be "
                            + type(stream)
                            + " on this path; the types known to this gate are: "
                            + streams.stream()
                                    .map(EventTypes::type)
                                    .collect(Collectors.joining(", ")));
        }
        return type;
    }

    private static String type(StreamName stream) {
        return "millrace." + stream + ".v1";
    }
}
