package dev.millrace.adapters.http.callers;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

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
import java.util.function.Supplier;

/** Who sends, and whether it may send more. Thread-safe. */
public final class Callers {

    /** A table of a few megabytes, and more callers than one gate has connections. */
    private static final int MOST_CALLERS = 10_000;

    /** As long as an identifier of ours, so that the table's size is known. */
    private static final int MAX_NAME_LENGTH = 200;

    /** Whoever has one IPv6 address has the whole network of this many bytes. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private final CallerRate rate;
    private final Optional<CallerBuckets> buckets;

    /**
     * @param rate what each may send
     */
    public Callers(CallerRate rate) {
        this.rate = rate;
        this.buckets =
                rate.isLimited()
                        ? Optional.of(
                                new CallerBuckets(rate, MOST_CALLERS, TimeMeter.SYSTEM_NANOTIME))
                        : Optional.empty();
    }

    /** What one request may still take. For the thread of that request alone. */
    public static final class Allowance {
        private final Supplier<Duration> tokens;
        private boolean isFirst = true;

        private Allowance(Supplier<Duration> tokens) {
            this.tokens = tokens;
            take();
        }

        /** Of a caller without limit. */
        public static Allowance unlimited() {
            return new Allowance(() -> Duration.ZERO);
        }

        /**
         * Takes the token of an item. The first one has it since the request began.
         *
         * @throws Refusal 429 when there is none
         */
        public void takeItem() {
            if (!isFirst) {
                take();
            }
            isFirst = false;
        }

        private void take() {
            Duration wait = tokens.get();
            if (wait.isPositive()) {
                throw new Refusal(
                        Problem.of(
                                        429,
                                        ProblemType.RATE_EXCEEDED,
                                        "Not stored: wait as long as Retry-After says.")
                                .withRetryAfter(wait));
            }
        }
    }

    /**
     * Admits a request, for which one token is taken whatever it holds: so that one without any
     * event costs something too, and one for which there is none is refused unread.
     *
     * @throws Refusal 429 when its caller has sent what it may, 400 when the header that names the
     *     caller does not
     */
    public Allowance admit(HttpServletRequest request) {
        return buckets.map(limited -> allowance(limited, name(request)))
                .orElseGet(Allowance::unlimited);
    }

    private static Allowance allowance(CallerBuckets buckets, String caller) {
        return new Allowance(() -> buckets.take(caller));
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
