package dev.millrace.ports.operations.driving;

/** Shows how this process fares. */
@FunctionalInterface
public interface ShowStatus {

    /** What was known about a second ago; it asks nobody. */
    ProcessStatus show();
}
