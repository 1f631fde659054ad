package dev.millrace.ports.counter;

import dev.millrace.domain.CanonicalForm;
import dev.millrace.domain.Decision;
import dev.millrace.domain.Reason;
import dev.millrace.domain.StreamName;
import dev.millrace.ports.Stream;

import java.util.Map;

/**
 * The stream {@code counter}. Its rules reject what would take a counter past {@link #LIMIT}. They
 * let it fall below zero, which its <em>store</em> must refuse ({@code CHECK (value >= 0)} or the
 * like): so a test can make the database refuse what an event writes.
 */
public final class CounterStream {

    /** The highest value of a counter. */
    public static final long LIMIT = 1_000;

    /** The event would take the counter past its limit. */
    public static final Reason LIMIT_PASSED = new Reason("limit-passed");

    /** Its name, and that of its topic. */
    public static final StreamName NAME = new StreamName("counter");

    /** The stream. */
    public static final Stream<CountEvent, Count, Counted> STREAM =
            new Stream<>(
                    NAME,
                    CountEvent::key,
                    CounterStream::canonical,
                    key -> new Count(0),
                    CounterStream::decide);

    private CounterStream() {}

    private static CanonicalForm canonical(CountEvent event) {
        return CanonicalForm.of(
                1,
                event.key(),
                Map.of("by", Long.toString(event.by()), "fail", Boolean.toString(event.fail())));
    }

    private static Decision<Count, Counted> decide(Count count, CountEvent event) {
        if (event.fail()) {
            throw new IllegalStateException("the rules broke, as the event demands");
        }
        long value = Math.addExact(count.value(), event.by());
        return value > LIMIT
                ? new Decision.Reject<>(LIMIT_PASSED)
                : new Decision.Accept<>(new Count(value), new Counted(value));
    }
}
