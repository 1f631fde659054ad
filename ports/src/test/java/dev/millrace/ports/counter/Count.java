package dev.millrace.ports.counter;

/** The state of a counter. */
public record Count(long value) {}
