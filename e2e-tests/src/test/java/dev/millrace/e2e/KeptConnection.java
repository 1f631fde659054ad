package dev.millrace.e2e;

import dev.millrace.adapters.http.Exchange;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A connection to a gate that one request after the other goes over. What the gate answers is not
 * held against its contract, which takes its time. Confined to one thread.
 */
final class KeptConnection implements AutoCloseable {

    private static final String PATH = "/v1/streams/ledger-entries/events";
    private static final String TYPE = "application/json";
    private static final String LENGTH = "content-length:";
    private static final int PATIENCE_MILLIS = 60_000;

    private final URI gate;
    private final Socket socket;
    private final InputStream in;
    private long last = System.nanoTime();

    KeptConnection(URI gate) throws IOException {
        this.gate = gate;
        socket = new Socket(gate.getHost(), gate.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 1024);
    }

    /**
     * Sends an event and waits for the answer.
     *
     * @throws IOException when there is none, or not all of it
     */
    Exchange post(Report report) throws IOException {
        long silent = System.nanoTime() - last;
        try {
            socket.getOutputStream().write(request(report));
            return Exchange.ofText("POST", PATH, TYPE, answer());
        } catch (IOException lost) {
            throw new IOException(
                    gate + " gave no answer after " + silent / 1_000_000 + " ms of silence", lost);
        } finally {
            last = System.nanoTime();
        }
    }

    private byte[] request(Report report) {
        byte[] body = report.json().getBytes(StandardCharsets.UTF_8);
        String head =
                "POST "
                        + PATH
                        + " HTTP/1.1\r\nHost: "
                        + gate.getAuthority()
                        + "\r\nContent-Type: "
                        + TYPE
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private String answer() throws IOException {
        StringBuilder head = new StringBuilder();
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append("\r\n");
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the connection ended in a body");
        }
        return head + "\r\n" + new String(body, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the connection ended in " + line);
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
