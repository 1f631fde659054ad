package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;

/**
 * How far a job has come.
 *
 * @param retried how many events it has put back
 * @param succeeded how many of those took effect, or were rejected by the rules
 * @param failed how many of those failed at the first try since
 * @param remaining how many are still to be retried
 */
public record RedriveTally(long retried, long succeeded, long failed, long remaining) {

    /** Nothing is done yet, and nothing known. */
    public static final RedriveTally NONE = new RedriveTally(0, 0, 0, 0);

    public RedriveTally {
        if (succeeded < 0 || failed < 0 || remaining < 0 || retried < succeeded + failed) {
            throw new InvalidValue("tally", "must count what there is");
        }
    }

    /** How many were retried and have no outcome yet. */
    public long underWay() {
        return retried - succeeded - failed;
    }
}
