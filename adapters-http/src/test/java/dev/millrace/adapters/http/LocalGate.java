package dev.millrace.adapters.http;

import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;

/**
 * A running gate that is spoken to in process: the same server with the same strictness, without a
 * socket in between. For tests that send very many requests; each answer is held against the
 * contract.
 */
final class LocalGate {

    private final LocalConnector connector;

    LocalGate(GateServer gate) throws Exception {
        Server server = gate.jetty();
        HttpConnectionFactory http =
                server.getConnectors()[0].getConnectionFactory(HttpConnectionFactory.class);
        connector = new LocalConnector(server, http);
        server.addConnector(connector);
        connector.start();
    }

    /** The answer to one request on a connection of its own, both with all their bytes. */
    byte[] answer(byte[] request) throws Exception {
        ByteBuffer answer =
                connector.getResponse(ByteBuffer.wrap(request), false, 20, TimeUnit.SECONDS);
        byte[] bytes = new byte[answer.remaining()];
        answer.get(bytes);
        judge(request, bytes);
        return bytes;
    }

    private static void judge(byte[] request, byte[] answer) {
        Matcher line =
                RawConnection.REQUEST_LINE.matcher(
                        new String(request, StandardCharsets.ISO_8859_1));
        boolean isHttp = line.lookingAt();
        Contract.ofTheGate()
                .judge(
                        Exchange.ofText(
                                isHttp ? line.group(1) : "",
                                isHttp ? line.group(2) : "",
                                "",
                                new String(answer, StandardCharsets.UTF_8)));
    }

    /** The same, for what is ASCII. */
    String answer(String request) throws Exception {
        return new String(
                answer(request.getBytes(StandardCharsets.US_ASCII)), StandardCharsets.US_ASCII);
    }
}
