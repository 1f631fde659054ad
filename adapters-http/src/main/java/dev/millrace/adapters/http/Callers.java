package dev.millrace.adapters.http;

import io.github.bucket4j.TimeMeter;

import jakarta.servlet.http.HttpServletRequest;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Who sends, and whether it may send one event more. Thread-safe. */
final class Callers {

    /** A table of a few megabytes, and more callers than one gate has connections. */
    private static final int MOST_CALLERS = 10_000;

    /** As long as an identifier of ours, so that the table's size is known. */
    private static final int MAX_NAME_LENGTH = 200;

    /** Whoever has one IPv6 address has the whole network of this many bytes. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private final CallerRate rate;
    private final Optional<CallerBuckets> buckets;

    Callers(CallerRate rate) {
        this.rate = rate;
        this.buckets =
                rate.isLimited()
                        ? Optional.of(
                                new CallerBuckets(rate, MOST_CALLERS, TimeMeter.SYSTEM_NANOTIME))
                        : Optional.empty();
    }

    /** One caller's allowance. */
    @FunctionalInterface
    interface Allowance {

        /**
         * Takes the token of one event.
         *
         * @return how long to wait for one; zero when it was there
         */
        Duration take();
    }

    /**
     * The allowance of a request's caller.
     *
     * @throws Refusal 400 when the header that names the caller is there and does not
     */
    Allowance of(HttpServletRequest request) {
        return buckets.map(limited -> limited(limited, name(request))).orElse(() -> Duration.ZERO);
    }

    private static Allowance limited(CallerBuckets buckets, String caller) {
        return () -> buckets.take(caller);
    }

    /** The answer to an event for which there is no token. */
    static Problem exceeded(Duration wait) {
        return Problem.of(
                        429,
                        ProblemType.RATE_EXCEEDED,
                        "Not stored, from here on: this caller has sent as many events as it may.")
                .withRetryAfter(wait);
    }

    /** A name and an address are never the same caller. */
    private String name(HttpServletRequest request) {
        List<String> named =
                rate.header().isEmpty()
                        ? List.of()
                        : Collections.list(request.getHeaders(rate.header()));
        if (named.isEmpty()) {
            return "address " + address(request);
        }
        if (named.size() > 1
                || named.getFirst().isEmpty()
                || named.getFirst().length() > MAX_NAME_LENGTH) {
            String rule = "must name one caller in 1 to " + MAX_NAME_LENGTH + " characters";
            throw new Refusal(
                    Problem.ofErrors(
                            ProblemType.INVALID_REQUEST,
                            "The header " + rate.header() + " " + rule + ".",
                            List.of(new FieldError(rate.header(), rule))));
        }
        return "name " + named.getFirst();
    }

    private static String address(HttpServletRequest request) {
        SocketAddress remote =
                ServletContextRequest.getServletContextRequest(request)
                        .getConnectionMetaData()
                        .getRemoteSocketAddress();
        if (remote instanceof InetSocketAddress internet && internet.getAddress() != null) {
            byte[] bytes = internet.getAddress().getAddress();
            return internet.getAddress() instanceof Inet6Address
                    ? HexFormat.of().formatHex(bytes, 0, IPV6_NETWORK_BYTES)
                    : HexFormat.of().formatHex(bytes);
        }
        return remote.toString();
    }
}
