package dev.millrace.bootstrap;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a container engine runs beside the service, again and again: asks the management port of
 * this machine whether the service is ready, and prints the answer. Exit code 0 says yes, 1 no.
 *
 * <p>It is a program of its own, on a socket and nothing else, because it costs the service's
 * processor time each time: the command line and an HTTP client would be most of it.
 */
public final class HealthCheck {

    /** Where the service listens when nothing is configured; a test compares. */
    static final String DEFAULT_PORT = "8081";

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final String OK = "HTTP/1.1 200";
    private static final String END_OF_HEAD = "\r\n\r\n";

    private HealthCheck() {}

    /**
     * Asks, and ends the process with the exit code.
     *
     * @param arguments what to ask for, of {@code ready}, {@code live} and {@code started}; nothing
     *     is {@code ready}
     */
    public static void main(String[] arguments) {
        String question = arguments.length == 0 ? "ready" : arguments[0];
        boolean yes = isSo(question, System.getenv(), System.out);
        System.out.flush();
        // An exit would be logged, and loading what logs costs more than all the rest.
        Runtime.getRuntime().halt(yes ? 0 : 1);
    }

    /** Asks the port that the environment names, as the service's own configuration does. */
    static boolean isSo(String question, Map<String, String> environment, PrintStream out) {
        String port = environment.getOrDefault("MILLRACE_MANAGEMENT_PORT", DEFAULT_PORT);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            socket.connect(new InetSocketAddress(here, Integer.parseInt(port)), TIMEOUT_MILLIS);
            // Joined, since the plus sign would have code made at run time.
            String request =
                    String.join(
                            "",
                            "GET /health/",
                            question,
                            " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close",
                            END_OF_HEAD);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            out.println(answer.substring(answer.indexOf(END_OF_HEAD) + END_OF_HEAD.length()));
            return answer.startsWith(OK);
        } catch (IOException | IllegalArgumentException nobody) {
            out.println("no answer from port " + port + ": " + nobody.getMessage());
            return false;
        }
    }
}
