package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.e2e.TcpProxy.Verdict;
import dev.millrace.e2e.TcpProxy.Way;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The proxy that other tests rely on, in front of a server that says what it hears. */
class TcpProxyTest {

    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        proxy = TcpProxy.to(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException cut) {
            // Some of the tests want it.
        }
    }

    @Test
    void bytes_and_ends_go_both_ways() throws IOException {
        try (Socket client = connect()) {
            byte[] much = new byte[1_000_000];
            Thread.ofVirtual().start(() -> say(client, much));
            assertThat(client.getInputStream().readAllBytes()).hasSize(much.length);
            await().until(() -> proxy.connections() == 0);
        }
    }

    private static void say(Socket client, byte[] much) {
        try {
            client.getOutputStream().write(much);
            client.shutdownOutput();
        } catch (IOException cut) {
            throw new IllegalStateException(cut);
        }
    }

    @Test
    void latency_delays_each_way_and_does_not_narrow_the_wire() throws IOException {
        proxy.delay(Duration.ofMillis(60));
        try (Socket client = connect()) {
            long began = System.nanoTime();
            assertThat(ask(client, "there")).isEqualTo("there");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(120));
            for (int i = 0; i < 40; i++) {
                client.getOutputStream().write(new byte[50_000]);
            }
            client.getInputStream().readNBytes(40 * 50_000);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofMillis(40 * 60));
        }
    }

    @Test
    void a_cut_is_a_reset_on_every_connection() throws IOException {
        try (Socket one = connect();
                Socket other = connect()) {
            assertThat(ask(one, "one") + ask(other, "other")).isEqualTo("oneother");
            proxy.cutAll();
            assertThatThrownBy(() -> ask(one, "one")).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> ask(other, "other")).isInstanceOf(SocketException.class);
            assertThat(proxy.connections()).isZero();
        }
        try (Socket next = connect()) {
            assertThat(ask(next, "next")).isEqualTo("next");
        }
    }

    @Test
    void a_tap_cuts_where_it_wants() throws IOException {
        proxy.tap(() ->
                (way, chunk) ->
                        way == Way.TO_CLIENT && text(chunk).equals("secret")
                                ? Verdict.CUT
                                : Verdict.FORWARD);
        try (Socket client = connect()) {
            assertThat(ask(client, "public")).isEqualTo("public");
            assertThatThrownBy(() -> ask(client, "secret")).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_black_hole_is_silent_and_loses_nothing_when_it_closes() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "before")).isEqualTo("before");
            proxy.openBlackHole();
            client.setSoTimeout(200);
            assertThatThrownBy(() -> ask(client, "within"))
                    .isInstanceOf(SocketTimeoutException.class);
            proxy.closeBlackHole();
            client.setSoTimeout(5_000);
            assertThat(text(client.getInputStream().readNBytes(6))).isEqualTo("within");
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(5_000);
        return client;
    }

    /** Says a word and answers what comes back. */
    private static String ask(Socket client, String word) throws IOException {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        client.getOutputStream().write(bytes);
        byte[] answer = client.getInputStream().readNBytes(bytes.length);
        if (answer.length < bytes.length) {
            throw new SocketException("the end instead of an answer");
        }
        return text(answer);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
