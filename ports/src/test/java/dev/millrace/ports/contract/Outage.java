package dev.millrace.ports.contract;

/**
 * How a contract takes away what an implementation stands on. An adapter may do it in any way that
 * its library takes for an outage; a fake has a switch.
 */
public interface Outage {

    /** From now on the outside is away. */
    void makeUnavailable();

    /** The outside is back: the next call works, or one soon after it. */
    void makeAvailable();
}
