package dev.millrace.bootstrap.configuration;

import dev.millrace.adapters.pulsar.TopicSettings.Replication;
import dev.millrace.domain.InvalidValue;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the text of a setting is read.
 *
 * @param type a word for the reference page
 * @param rule what a text must satisfy, as a phrase that can follow a name
 * @param parser throws an {@link InvalidValue} with a rule of its own, or another unchecked
 *     exception where the kind's rule says enough
 */
record Kind<T>(String type, String rule, Function<String, T> parser) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(KiB|MiB|GiB)?");

    private static final Pattern SHARE = Pattern.compile("[01]|[01]\\.\\d{1,6}");

    private static final Pattern REPLICATION = Pattern.compile("([1-9])/([1-9])/([1-9])");

    /** Reads the text of the setting of that name, or throws an {@link InvalidValue}. */
    T parse(String name, String text) {
        try {
            return parser.apply(text);
        } catch (InvalidValue broken) {
            throw new InvalidValue(name, broken.rule());
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException broken) {
            throw new InvalidValue(name, rule);
        }
    }

    static Kind<Integer> integer(int least, int most) {
        return new Kind<>(
                "integer",
                "must be a whole number from " + least + " to " + most,
                text -> within(Integer.parseInt(text), least, most));
    }

    static Kind<Long> longInteger(long least, long most) {
        return new Kind<>(
                "integer",
                "must be a whole number from " + least + " to " + most,
                text -> within(Long.parseLong(text), least, most));
    }

    /** A number, or {@code auto}, which is read as none. */
    static Kind<OptionalInt> integerOrAuto(int least, int most) {
        return new Kind<>(
                "integer or `auto`",
                "must be auto or a whole number from " + least + " to " + most,
                text ->
                        text.equals("auto")
                                ? OptionalInt.empty()
                                : OptionalInt.of(within(Integer.parseInt(text), least, most)));
    }

    /** A part of a whole. */
    static Kind<Double> share() {
        return new Kind<>(
                "number",
                "must be a number from 0 to 1, as in 0.1",
                text -> within(Double.parseDouble(matched(SHARE, text).group()), 0.0, 1.0));
    }

    /** A time span with its unit. */
    static Kind<Duration> duration(String least, String most) {
        Duration from = duration(least);
        Duration to = duration(most);
        return new Kind<>(
                "duration",
                "must be a whole number with a unit of ms, s, m, h or d, from "
                        + least
                        + " to "
                        + most,
                text -> within(duration(text), from, to));
    }

    /** A time span, or {@code never}, which is read as none. */
    static Kind<Optional<Duration>> durationOrNever(String least, String most) {
        Kind<Duration> duration = duration(least, most);
        return new Kind<>(
                "duration or `never`",
                duration.rule().replace("must be", "must be never or"),
                text ->
                        text.equals("never")
                                ? Optional.empty()
                                : Optional.of(duration.parser().apply(text)));
    }

    /** A number of bytes, plain or in KiB, MiB or GiB. */
    static Kind<Long> size(String least, String most) {
        long from = size(least);
        long to = size(most);
        return new Kind<>(
                "size",
                "must be a number of bytes, or one with KiB, MiB or GiB, from "
                        + least
                        + " to "
                        + most,
                text -> within(size(text), from, to));
    }

    /** One of an enumeration, in lower case. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        String words = words(type);
        return new Kind<>("one of " + words, "must be one of " + words, text -> one(type, text));
    }

    /** Some of an enumeration, in lower case, separated by commas. */
    static <E extends Enum<E>> Kind<Set<E>> choices(Class<E> type) {
        String words = words(type);
        return new Kind<>(
                "some of " + words,
                "must be some of " + words + ", separated by commas",
                text -> {
                    EnumSet<E> chosen = EnumSet.noneOf(type);
                    split(text).forEach(word -> chosen.add(one(type, word)));
                    return Collections.unmodifiableSet(chosen);
                });
    }

    /** A type of the model, whose constructor knows the rule. */
    static <T> Kind<T> model(String type, Function<String, T> constructor) {
        return new Kind<>(type, "must be a valid " + type, constructor);
    }

    /** An address that starts with one of these schemes. */
    static Kind<String> address(String... schemes) {
        String allowed = String.join(" or ", schemes);
        return new Kind<>(
                "address",
                "must start with " + allowed + " and name a host",
                text -> {
                    boolean valid =
                            Arrays.stream(schemes)
                                    .anyMatch(scheme ->
                                            text.startsWith(scheme)
                                                    && text.length() > scheme.length());
                    if (!valid || text.chars().anyMatch(Character::isWhitespace)) {
                        throw new IllegalArgumentException();
                    }
                    return text;
                });
    }

    /** Three numbers of bookies. */
    static Kind<Replication> replication() {
        return new Kind<>(
                "numbers",
                "must be three whole numbers from 1 to 9 as in 3/3/2, none greater than the one"
                        + " before",
                text -> {
                    Matcher parts = matched(REPLICATION, text);
                    return new Replication(
                            Integer.parseInt(parts.group(1)),
                            Integer.parseInt(parts.group(2)),
                            Integer.parseInt(parts.group(3)));
                });
    }

    /** Any text that is not blank. */
    static Kind<String> text() {
        return new Kind<>(
                "text",
                "must not be blank",
                text -> {
                    if (text.isBlank()) {
                        throw new IllegalArgumentException();
                    }
                    return text;
                });
    }

    /** The parts of a list, without the blanks around them. */
    static List<String> split(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    /** A constant of an enumeration by its name in lower case. */
    static <E extends Enum<E>> E one(Class<E> type, String text) {
        if (!text.equals(text.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException();
        }
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    static <E extends Enum<E>> String words(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static Duration duration(String text) {
        Matcher parts = matched(DURATION, text);
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static long size(String text) {
        Matcher parts = matched(SIZE, text);
        long amount = Long.parseLong(parts.group(1));
        String unit = parts.group(2);
        int shift =
                unit == null
                        ? 0
                        : switch (unit) {
                            case "KiB" -> 10;
                            case "MiB" -> 20;
                            default -> 30;
                        };
        return Math.multiplyExact(amount, 1L << shift);
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        return matcher;
    }

    private static <C extends Comparable<C>> C within(C value, C least, C most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException();
        }
        return value;
    }
}
