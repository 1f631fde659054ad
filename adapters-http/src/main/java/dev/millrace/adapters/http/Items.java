package dev.millrace.adapters.http;

import java.util.List;

/** What a request's body holds. */
sealed interface Items<E> {

    /** One object by itself: the answer is about it alone. */
    record One<E>(Item<E> item) implements Items<E> {}

    /** An array or lines: the answer has an element for each. At least one. */
    record Many<E>(List<Item<E>> items) implements Items<E> {
        public Many {
            items = List.copyOf(items);
        }
    }
}
