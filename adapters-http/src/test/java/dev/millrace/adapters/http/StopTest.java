package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.adapters.http.management.ManagementSettings;
import dev.millrace.adapters.http.server.WebServer;
import dev.millrace.domain.InvalidValue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How a gate starts and ends. */
final class StopTest {

    private static final String JSON = "application/json";

    /**
     * Javalin makes some of itself at its first request without a lock: of two that come together
     * one may hear an empty 500.
     */
    @Test
    void nobody_is_let_in_before_a_request_from_inside_was_answered() throws Exception {
        int port = freePort();
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        AtomicBoolean metTheFirst = new AtomicBoolean();
        AtomicInteger requests = new AtomicInteger();
        CompletableFuture<String> early =
                CompletableFuture.supplyAsync(() -> askAsSoonAsItListens(port, sent));
        try (WebServer server =
                WebServer.start(
                        new WebServer.Listening(
                                "early",
                                "127.0.0.1",
                                port,
                                8 << 10,
                                10,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5)),
                        routes ->
                                routes.before(context -> {
                                    if (requests.incrementAndGet() == 1) {
                                        sent.await();
                                        metTheFirst.set(second.await(300, TimeUnit.MILLISECONDS));
                                    } else {
                                        second.countDown();
                                    }
                                }))) {
            assertThat(server.port()).isEqualTo(port);
            assertThat(early.get()).startsWith("HTTP/1.1 404 ");
            assertThat(requests).hasValue(2);
            assertThat(metTheFirst).isFalse();
        }
    }

    private static String askAsSoonAsItListens(int port, CountDownLatch sent) {
        await().until(() -> !isRefused(port));
        try (RawConnection connection = new RawConnection(port)) {
            connection.write("GET / HTTP/1.1\r\nHost: gate\r\n\r\n");
            sent.countDown();
            return connection.read();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    @Test
    void a_request_under_way_ends_while_new_ones_are_turned_away() throws Exception {
        try (RunningGate gate = RunningGate.start();
                RawConnection keptAlive = new RawConnection(gate.port());
                RawConnection underWay = new RawConnection(gate.port());
                ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(keptAlive.post(RunningGate.LEDGER, JSON, entry("before", "1")).read())
                    .startsWith("HTTP/1.1 202 ");
            gate.broker = new CountDownLatch(1);
            underWay.post(RunningGate.LEDGER, JSON, entry("held", "1"));
            await().until(() -> gate.underWay.availablePermits() == 100_000 - 1);

            CompletableFuture<Void> stop =
                    CompletableFuture.runAsync(
                            () -> gate.server().stop(Duration.ofSeconds(10)), background);
            await().until(() -> isRefused(gate.port()));
            String late = lateAnswer(keptAlive);
            assertThat(late)
                    .matches("(?s)|HTTP/1.1 503 .*Retry-After: 1.*urn:millrace:problem:stopping.*");
            assertThat(stop).isNotDone();

            gate.broker.countDown();
            assertThat(underWay.read())
                    .startsWith("HTTP/1.1 202 ")
                    .contains("\"messageId\":\"held\"");
            stop.join();
            assertThat(gate.storedIds()).containsExactly("before", "held");
        }
    }

    private static boolean isRefused(int port) throws IOException {
        try {
            new RawConnection(port).close();
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    /** A connection that was idle may be answered or closed; either way nothing is stored. */
    private static String lateAnswer(RawConnection connection) {
        try {
            return connection.post(RunningGate.LEDGER, JSON, entry("late", "2")).read();
        } catch (IOException closed) {
            return "";
        }
    }

    @Test
    void a_stop_waits_no_longer_than_it_may() {
        try (RunningGate gate = RunningGate.start()) {
            gate.broker = new CountDownLatch(1);
            CompletableFuture<Void> held =
                    CompletableFuture.runAsync(() -> {
                        try (RawConnection connection = new RawConnection(gate.port())) {
                            String answer =
                                    connection
                                            .post(RunningGate.LEDGER, JSON, entry("held", "1"))
                                            .read();
                            assertThat(answer).isEmpty();
                        } catch (IOException cutOff) {
                            assertThat(cutOff).isNotNull();
                        }
                    });
            await().until(() -> gate.underWay.availablePermits() == 100_000 - 1);

            long start = System.nanoTime();
            gate.server().stop(Duration.ofMillis(200));

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(10));
            gate.broker.countDown();
            held.join();
        }
    }

    @Test
    void a_port_that_is_taken_is_told_by_its_name() {
        try (RunningGate gate = RunningGate.start()) {
            assertThatThrownBy(() ->
                            GateServer.start(
                                    new GateSettings(
                                            "127.0.0.1",
                                            gate.port(),
                                            GateLimits.DEFAULT,
                                            CallerRate.UNLIMITED),
                                    List.of(),
                                    List.of()))
                    .isInstanceOfSatisfying(
                            InvalidValue.class,
                            taken -> {
                                assertThat(taken.field()).isEqualTo("gate.port");
                                assertThat(taken.rule())
                                        .contains(
                                                "another process",
                                                "" + gate.port(),
                                                "0 for a free one");
                            });
        }
    }

    @Test
    void an_address_that_is_not_of_this_machine_is_told_by_its_name() {
        for (String address : List.of("192.0.2.1", "no such host")) {
            assertThatThrownBy(() ->
                            GateServer.start(
                                    new GateSettings(
                                            address, 0, GateLimits.DEFAULT, CallerRate.UNLIMITED),
                                    List.of(),
                                    List.of()))
                    .isInstanceOfSatisfying(
                            InvalidValue.class,
                            broken -> assertThat(broken.field()).isEqualTo("bind.address"));
        }
    }

    @Test
    void a_port_that_is_none_is_refused() {
        assertThatThrownBy(() ->
                        new GateSettings(
                                "127.0.0.1", 65_536, GateLimits.DEFAULT, CallerRate.UNLIMITED))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new ManagementSettings("127.0.0.1", -1))
                .isInstanceOf(InvalidValue.class);
    }
}
