package dev.millrace.ports.counter;

/** The effect of an event: the counter's value after it. */
public record Counted(long valueAfter) {}
