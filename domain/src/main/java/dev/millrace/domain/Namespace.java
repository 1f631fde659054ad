package dev.millrace.domain;

/** The broker's namespace that holds a tenant's topics. */
public record Namespace(String value) {

    /**
     * @throws InvalidValue unless the value has 1 to 63 characters of a-z 0-9 and inner hyphens
     */
    public Namespace {
        value = Names.require("namespace", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
