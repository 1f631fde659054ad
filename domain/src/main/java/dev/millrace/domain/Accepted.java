package dev.millrace.domain;

import java.util.Objects;

/** An event that takes effect, with its effect. */
public record Accepted<E, F>(Delivery.Decoded<E> delivery, F effect) {

    public Accepted {
        Objects.requireNonNull(delivery);
        Objects.requireNonNull(effect);
    }
}
