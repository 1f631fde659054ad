package dev.millrace.domain;

/** The name of a stream of events: also the name of its topic. */
public record StreamName(String value) {

    /**
     * @throws InvalidValue unless the value has 1 to 63 characters of a-z 0-9 and inner hyphens
     */
    public StreamName {
        value = Names.require("stream", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
