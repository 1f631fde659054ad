package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;

import tools.jackson.core.JsonGenerator;

import java.util.List;
import java.util.function.Consumer;

/**
 * How a list is cut into pages.
 *
 * @param limit how many a page has at most
 */
record Paging(int limit) {

    private static final long DEFAULT_LIMIT = 100;
    private static final long MAX_LIMIT = 1_000;

    /** What a list asks for. */
    static Field<Paging> of(ReadRequest request) {
        return request.wholeNumber("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
                .map(limit -> new Paging(Math.toIntExact(limit)));
    }

    /** The ID after which a page of numbered things begins. */
    static Field<Long> after(ReadRequest request) {
        return request.wholeNumber("after", 0, 0, Long.MAX_VALUE);
    }

    /** One more than is wanted shows whether there is a next page. */
    int toFind() {
        return limit + 1;
    }

    /**
     * Writes a page.
     *
     * @param found as many as {@link #toFind} says, or all
     * @param next writes the cursor behind the last one, when there are more
     */
    <T> void write(
            JsonGenerator json, String name, List<T> found, Consumer<T> each, Consumer<T> next) {
        List<T> page = found.subList(0, Math.min(found.size(), limit));
        json.writeStartObject();
        json.writeArrayPropertyStart(name);
        page.forEach(each);
        json.writeEndArray();
        if (found.size() > limit) {
            next.accept(page.getLast());
        }
        json.writeEndObject();
    }
}
