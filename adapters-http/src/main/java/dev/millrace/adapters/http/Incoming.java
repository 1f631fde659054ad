package dev.millrace.adapters.http;

import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.body.Budget;
import dev.millrace.adapters.http.body.Frame;
import dev.millrace.adapters.http.body.Frames;
import dev.millrace.adapters.http.callers.Callers;
import dev.millrace.adapters.http.events.Item;
import dev.millrace.adapters.http.events.ItemReader;
import dev.millrace.ports.driving.Submission;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * The items of one request, each read when it is asked for and kept until it is answered. Where
 * reading stops before the end of the body, what stopped it is the last item: no event, and a
 * problem that says where and why.
 */
final class Incoming<E> implements Iterator<Submission<E>> {

    private static final long BYTES_OF_AN_ERROR = 256;
    private static final long BYTES_OF_A_KEY = 128;

    private final Frames frames;
    private final ItemReader<E> reader;
    private final int maxItems;
    private final Callers.Allowance allowance;
    private final Budget.Share share;
    private final Queue<Held<E>> unanswered = new ArrayDeque<>();
    private @Nullable Held<E> next;
    private int items;
    private boolean isAtEnd;
    private boolean isStopped;

    private record Held<E>(Item<E> item, long bytes) {}

    Incoming(
            Frames frames,
            ItemReader<E> reader,
            int maxItems,
            Callers.Allowance allowance,
            Budget.Share share) {
        this.frames = frames;
        this.reader = reader;
        this.maxItems = maxItems;
        this.allowance = allowance;
        this.share = share;
    }

    /**
     * Reads on as far as it takes to know.
     *
     * @throws UncheckedIOException when the caller is gone
     * @throws Refusal when the request is no HTTP from here on, which ends it as a whole
     */
    @Override
    public boolean hasNext() {
        if (next == null && !isAtEnd) {
            next = read();
        }
        return next != null;
    }

    @Override
    public Submission<E> next() {
        Held<E> held = hasNext() ? next : null;
        if (held == null) {
            throw new NoSuchElementException();
        }
        next = null;
        unanswered.add(held);
        return held.item().submission();
    }

    private @Nullable Held<E> read() {
        try {
            Frame frame = frames.next();
            if (frame != null) {
                return read(frame);
            }
            isAtEnd = true;
            if (items == 0) {
                throw new Refusal(
                        400, ProblemType.NO_EVENT, "The body must hold at least one event.");
            }
            return null;
        } catch (Refusal refusal) {
            if (refusal.problem().type() == ProblemType.MALFORMED_REQUEST) {
                // Perhaps the caller is gone, and what it meant to send cannot be told.
                throw refusal;
            }
            isAtEnd = true;
            isStopped = true;
            return new Held<>(new Item.Refused<>("", stop(refusal.problem())), 0);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private Held<E> read(Frame frame) {
        if (items == maxItems) {
            throw new Refusal(
                    413,
                    ProblemType.TOO_MANY_EVENTS,
                    "A request may have at most " + maxItems + " events.");
        }
        allowance.takeItem();
        Item<E> item = item(frame);
        long bytes = frame.length() + BYTES_OF_AN_ERROR * errors(item);
        share.take(bytes + bytesOfFailedKey(item));
        items++;
        return new Held<>(item, bytes);
    }

    /** A key that failed is remembered to the end of the request, and so never given back. */
    private static <E> long bytesOfFailedKey(Item<E> item) {
        return switch (item) {
            case Item.Refused<E>(String key, Problem problem) when !key.isEmpty() ->
                    BYTES_OF_A_KEY + key.length();
            case Item.Refused<E> unknown -> 0;
            case Item.Valid<E> valid -> 0;
        };
    }

    private Item<E> item(Frame frame) {
        try {
            return reader.read(frame);
        } catch (Refusal unreadable) {
            return new Item.Refused<>("", unreadable.problem());
        }
    }

    private static <E> long errors(Item<E> item) {
        return switch (item) {
            case Item.Valid<E> valid -> 0;
            case Item.Refused<E>(String key, Problem problem) -> 1L + problem.errors().size();
        };
    }

    private Problem stop(Problem problem) {
        return items == 0
                ? problem
                : problem.withDetail(
                        "Reading stopped at item "
                                + items
                                + ", "
                                + frames.place()
                                + "; nothing from there on is stored. "
                                + problem.detail());
    }

    /** The earliest item that was handed out and not yet answered. */
    Item<E> answer() {
        Held<E> held = unanswered.remove();
        share.give(held.bytes());
        return held.item();
    }

    /** Whether the body is of a form that can hold several items, as far as it is read. */
    boolean isMany() {
        return frames.isMany();
    }

    /** Whether the last item is what stopped the reading. */
    boolean isStopped() {
        return isStopped;
    }
}
