package dev.millrace.domain.flow;

/**
 * How the connections of one process to its database are used now.
 *
 * @param active how many are in use; not a number where nobody knows
 * @param max how many there may be
 * @param waiting how many threads wait for one
 * @param reachable whether the database took writes when it was last looked at
 */
public record DatabaseFlow(double active, double max, double waiting, boolean reachable) {}
