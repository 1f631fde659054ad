package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.adapters.http.management.ManagementSettings;
import dev.millrace.adapters.http.server.WebServer;
import dev.millrace.domain.InvalidValue;

import io.opentelemetry.api.trace.TracerProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How a gate starts and ends. */
final class StopTest {

    private static final String JSON = "application/json";
    private static final byte[] SLOW =
            "GET /slow HTTP/1.1\r\nHost: gate\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String CLOSE = "\r\nConnection: close\r\n";

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
                        listening(port),
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

    private static WebServer.Listening listening(int port) {
        return new WebServer.Listening(
                "early",
                "127.0.0.1",
                port,
                8 << 10,
                10,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
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
    void a_gate_that_drains_goes_on_and_each_answer_ends_its_connection() throws Exception {
        try (RunningGate gate = RunningGate.start();
                RawConnection keptAlive = new RawConnection(gate.port());
                RawConnection underWay = new RawConnection(gate.port())) {
            assertThat(keptAlive.post(RunningGate.LEDGER, JSON, entry("before", "1")).read())
                    .startsWith("HTTP/1.1 202 ")
                    .doesNotContain(CLOSE);
            gate.broker = new CountDownLatch(1);
            underWay.post(RunningGate.LEDGER, JSON, entry("held", "1"));
            await().until(() -> isHeld(gate));

            gate.server().drain();
            gate.broker.countDown();

            assertIsLast(underWay, "held");
            assertIsLast(keptAlive.post(RunningGate.LEDGER, JSON, entry("during", "1")), "during");
            try (RawConnection late = new RawConnection(gate.port())) {
                assertIsLast(late.post(RunningGate.LEDGER, JSON, entry("new", "1")), "new");
            }
            assertThat(gate.storedIds()).containsExactly("before", "held", "during", "new");
        }
    }

    @Test
    void an_answer_that_began_before_the_drain_keeps_its_promise() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (WebServer server =
                        WebServer.start(
                                listening(0),
                                routes ->
                                        routes.get(
                                                "/slow",
                                                context -> {
                                                    context.res().setContentLength(2);
                                                    context.res().getOutputStream().write('<');
                                                    context.res().flushBuffer();
                                                    begun.countDown();
                                                    goOn.await();
                                                    context.res().getOutputStream().write('>');
                                                }));
                Socket caller = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            caller.setSoTimeout(20_000);
            caller.getOutputStream().write(SLOW);
            begun.await();
            server.drain();
            goOn.countDown();

            assertThat(answer(caller)).doesNotContain(CLOSE);
            caller.getOutputStream().write(SLOW);
            assertThat(answer(caller)).contains(CLOSE);
            assertThat(caller.getInputStream().read()).isNegative();
        }
    }

    private static String answer(Socket caller) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf(">") < 0) {
            int next = caller.getInputStream().read();
            assertThat(next).as("what follows after %s", answer).isNotNegative();
            answer.append((char) next);
        }
        return answer.toString();
    }

    @Test
    void callers_who_keep_their_connections_lose_no_request() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RunningGate gate = RunningGate.start()) {
            AtomicInteger accepted = new AtomicInteger();
            List<Future<Integer>> callers = new ArrayList<>();
            for (int caller = 0; caller < 32; caller++) {
                String name = "c" + caller;
                callers.add(threads.submit(() -> postUntilTheLast(gate, name, accepted)));
            }
            await().until(() -> accepted.get() > 200);

            gate.server().drain();
            int answered = 0;
            for (Future<Integer> caller : callers) {
                answered += caller.get(20, TimeUnit.SECONDS);
            }
            gate.server().stop(Duration.ofSeconds(10));

            assertThat(gate.storedIds()).hasSize(answered);
        }
    }

    /** Posts one event after the other on one connection, and answers how many it could. */
    private static int postUntilTheLast(RunningGate gate, String name, AtomicInteger accepted)
            throws IOException {
        try (RawConnection connection = new RawConnection(gate.port())) {
            for (int sent = 1; ; sent++) {
                String answer =
                        connection
                                .post(RunningGate.LEDGER, JSON, entry(name + "-" + sent, name))
                                .read();
                assertThat(answer).startsWith("HTTP/1.1 202 ");
                accepted.incrementAndGet();
                if (answer.contains(CLOSE)) {
                    assertThat(connection.isAtEnd()).isTrue();
                    return sent;
                }
            }
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

    private static void assertIsLast(RawConnection connection, String messageId)
            throws IOException {
        assertThat(connection.read())
                .startsWith("HTTP/1.1 202 ")
                .contains(CLOSE, "\"messageId\":\"" + messageId + "\"");
        assertThat(connection.isAtEnd()).isTrue();
    }

    private static boolean isHeld(RunningGate gate) {
        return gate.underWay.availablePermits() == 100_000 - 1;
    }

    @Test
    void a_request_under_way_ends_however_long_it_takes_while_no_new_caller_is_let_in()
            throws Exception {
        try (RunningGate gate = RunningGate.start();
                RawConnection keptAlive = new RawConnection(gate.port());
                RawConnection underWay = new RawConnection(gate.port());
                ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(keptAlive.post(RunningGate.LEDGER, JSON, entry("before", "1")).read())
                    .startsWith("HTTP/1.1 202 ");
            gate.broker = new CountDownLatch(1);
            underWay.post(RunningGate.LEDGER, JSON, entry("held", "1"));
            await().until(() -> isHeld(gate));

            CompletableFuture<Void> stop =
                    CompletableFuture.runAsync(
                            () -> gate.server().stop(Duration.ofSeconds(10)), background);
            await().until(() -> isRefused(gate.port()));

            assertThat(keptAlive.isAtEnd()).as("closed in order, not reset").isTrue();
            // Longer than a silent connection is left open at the end.
            await().during(Duration.ofMillis(1500)).until(() -> !stop.isDone());
            gate.broker.countDown();
            assertIsLast(underWay, "held");
            stop.join();
            assertThat(gate.storedIds()).containsExactly("before", "held");
        }
    }

    /** In one segment with its head or in very many. */
    @ParameterizedTest
    @ValueSource(ints = {1, 8 << 20})
    void a_request_on_an_open_connection_is_told_to_come_again_after_the_drain(int bytes)
            throws Exception {
        try (RunningGate gate = RunningGate.start();
                RawConnection open = new RawConnection(gate.port());
                RawConnection underWay = new RawConnection(gate.port());
                ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            gate.broker = new CountDownLatch(1);
            underWay.post(RunningGate.LEDGER, JSON, entry("held", "1"));
            await().until(() -> isHeld(gate));
            assertThat(open.write("GET /openapi.json HTTP/1.1\r\nHost: gate\r\n\r\n").read())
                    .startsWith("HTTP/1.1 200 ");

            CompletableFuture<Void> stop =
                    CompletableFuture.runAsync(
                            () -> gate.server().stop(Duration.ofSeconds(10)), background);
            await().until(() -> isRefused(gate.port()));

            assertThat(lateAnswer(open, entry("late", "2") + " ".repeat(bytes)))
                    .matches("(?s)|HTTP/1.1 503 .*Retry-After: 1.*urn:millrace:problem:stopping.*");
            gate.broker.countDown();
            assertIsLast(underWay, "held");
            stop.join();
            assertThat(gate.storedIds()).containsExactly("held");
        }
    }

    /** A silent connection may be closed before; either way nothing is stored. */
    private static String lateAnswer(RawConnection connection, String body) {
        try {
            return connection.post(RunningGate.LEDGER, JSON, body).read();
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
            await().until(() -> isHeld(gate));

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
                                    List.of(),
                                    TracerProvider.noop().get("")))
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
                                    List.of(),
                                    TracerProvider.noop().get("")))
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
