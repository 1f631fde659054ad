package dev.millrace.ports.counter;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.ports.driven.Decoder;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the copies that {@link Deliveries} makes.
 *
 * @param mended tells by the message ID whether the rules do not break on an event any more
 */
public record CounterDecoder(Predicate<String> mended) implements Decoder<CountEvent> {

    private static final Pattern TEXT =
            Pattern.compile("CountEvent\\[key=(.+), by=(-?\\d+), fail=(true|false)]");

    @Override
    public Delivery<CountEvent> decode(ParkedEvent parked) {
        String text = new String(parked.copy().payload().toByteArray(), StandardCharsets.UTF_8);
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return new Delivery.Undecodable<>(
                    parked.messageId().value(), parked.key().value(), "no event", parked.copy());
        }
        boolean fails =
                Boolean.parseBoolean(parts.group(3)) && !mended.test(parked.messageId().value());
        return new Delivery.Decoded<>(
                parked.messageId(),
                parked.key(),
                new CountEvent(new Key(parts.group(1)), Long.parseLong(parts.group(2)), fails),
                parked.digest(),
                parked.copy());
    }
}
