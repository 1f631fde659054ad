package dev.millrace.adapters.http.events;

import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.ports.driving.Submission;

/** One event of a request's body, or what stands in its place. */
public sealed interface Item<E> {

    /** What is submitted for it. */
    Submission<E> submission();

    /** An event. */
    record Valid<E>(Submission<E> submission) implements Item<E> {}

    /**
     * No event. It is submitted all the same, since it holds up the later ones of its key, and so
     * that it is counted.
     *
     * @param key as far as it could be read; empty when it could not
     */
    record Refused<E>(String key, Problem problem) implements Item<E> {
        @Override
        public Submission<E> submission() {
            return new Submission.Unreadable<>(key);
        }
    }
}
