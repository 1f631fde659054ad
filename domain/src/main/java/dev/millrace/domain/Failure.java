package dev.millrace.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Why an event has no outcome yet: one of three kinds, and there is no fourth. */
public sealed interface Failure {

    /** What everything stands on is away or slow: counted against no event. */
    record Outage(String why) implements Failure {
        public Outage {
            Objects.requireNonNull(why);
        }
    }

    /**
     * The event's own: the rules broke on it, took too long over it, or the database refuses what
     * it writes.
     *
     * @param type the class of the exception, or a word where there was none
     * @param message of the exception and of what caused it; bounded, may be empty
     * @param frames where in our code it happened, innermost first; bounded
     */
    record Fault(String type, String message, List<String> frames) implements Failure {

        /** What {@link #type} says of a decision that overran its deadline. */
        public static final String OVERRUN = "overrun";

        /** What {@link #type} says of an event at which processes died. */
        public static final String DEATH = "process-death";

        private static final int MAX_MESSAGE = 2_000;
        private static final int MAX_FRAMES = 20;
        private static final String ENGINE = "dev.millrace";

        public Fault {
            Objects.requireNonNull(type);
            message = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
            frames = List.copyOf(frames);
        }

        /**
         * What an exception says.
         *
         * @param code the package of the stream's own code; the engine's counts as ours too
         */
        public static Fault of(Throwable failure, String code) {
            StringBuilder message = new StringBuilder(text(failure));
            Throwable innermost = failure;
            Set<Throwable> seen = new HashSet<>();
            while (innermost.getCause() != null && seen.add(innermost)) {
                innermost = innermost.getCause();
                message.append(" <- ").append(innermost.getClass().getName());
                message.append(": ").append(text(innermost));
            }
            return new Fault(
                    failure.getClass().getName(),
                    message.toString(),
                    ours(List.of(innermost.getStackTrace()), code));
        }

        /**
         * A decision that was not there in time.
         *
         * @param stack what its thread was doing then, innermost first
         * @param code the package of the stream's own code
         */
        public static Fault overrun(Duration deadline, List<StackTraceElement> stack, String code) {
            return new Fault(
                    OVERRUN,
                    "no decision within " + deadline.toMillis() + " ms",
                    ours(stack, code));
        }

        /**
         * Processes that ran nothing else at the time did not come back from it.
         *
         * @param deaths how many
         */
        public static Fault deaths(int deaths) {
            return new Fault(
                    DEATH, deaths + " processes died while they ran this event alone", List.of());
        }

        private static String text(Throwable failure) {
            String message = failure.getMessage();
            return message == null ? "" : message;
        }

        private static List<String> ours(List<StackTraceElement> stack, String code) {
            List<String> frames = new ArrayList<>();
            for (StackTraceElement frame : stack) {
                boolean isOurs = isIn(frame, ENGINE) || isIn(frame, code);
                if (isOurs && frames.size() < MAX_FRAMES) {
                    frames.add(frame.toString());
                }
            }
            return frames;
        }

        private static boolean isIn(StackTraceElement frame, String packageName) {
            return !packageName.isEmpty() && frame.getClassName().startsWith(packageName + ".");
        }
    }

    /** No further try can help. */
    record Permanent(Reason reason) implements Failure {
        public Permanent {
            Objects.requireNonNull(reason);
        }
    }
}
