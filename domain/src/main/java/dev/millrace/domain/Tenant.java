package dev.millrace.domain;

/** Who owns an event: also the broker's tenant of its topic. */
public record Tenant(String value) {

    /**
     * @throws InvalidValue unless the value has 1 to 63 characters of a-z 0-9 and inner hyphens
     */
    public Tenant {
        value = Names.require("tenant", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
