package dev.millrace.bootstrap.send;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What became of the lines so far. Thread-safe. */
final class Tally {

    /** More than these are only counted. */
    private static final int REFUSALS_SHOWN = 10;

    private final AtomicLong read = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicBoolean troubled = new AtomicBoolean();
    private final AtomicReference<Optional<String>> abandoned =
            new AtomicReference<>(Optional.empty());
    private final Consumer<String> messages;

    /**
     * @param messages takes what a person should read at once, from several threads
     */
    Tally(Consumer<String> messages) {
        this.messages = Objects.requireNonNull(messages);
    }

    void read() {
        read.incrementAndGet();
    }

    void accepted() {
        accepted.incrementAndGet();
        troubled.set(false);
    }

    void retried(int events) {
        retried.addAndGet(events);
    }

    void refused(Line.Refused line) {
        long count = refused.incrementAndGet();
        if (count <= REFUSALS_SHOWN) {
            messages.accept("line " + line.number() + ": " + line.why());
        } else if (count == REFUSALS_SHOWN + 1) {
            messages.accept("… and more, which are only counted");
        }
    }

    /** Says once what holds everything up, until something goes on. */
    void trouble(String message) {
        if (troubled.compareAndSet(false, true)) {
            messages.accept(message);
        }
    }

    /** Sending ends before the file does; the first reason stands. */
    void abandon(String why) {
        abandoned.compareAndSet(Optional.empty(), Optional.of(why));
    }

    Optional<String> whyAbandoned() {
        return abandoned.get();
    }

    long acceptedCount() {
        return accepted.get();
    }

    long refusedCount() {
        return refused.get();
    }

    long retriedCount() {
        return retried.get();
    }

    /** Lines that were read and are neither accepted nor refused. */
    long notAcceptedCount() {
        return read.get() - accepted.get() - refused.get();
    }

    boolean isComplete() {
        return abandoned.get().isEmpty() && accepted.get() == read.get();
    }

    /** The counts, one a line. */
    String summary(double seconds) {
        return String.format(
                Locale.ROOT,
                """
                accepted     %12d
                retried      %12d
                refused      %12d
                not accepted %12d
                seconds      %12.2f
                events/s     %12.0f\
                """,
                acceptedCount(),
                retriedCount(),
                refusedCount(),
                notAcceptedCount(),
                seconds,
                acceptedCount() / Math.max(seconds, 1e-3));
    }
}
