package dev.millrace.adapters.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection on which a test writes what it likes. */
final class RawConnection implements AutoCloseable {

    private final Socket socket;

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
    }

    RawConnection write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** One whole request. */
    RawConnection post(String path, String contentType, String body) throws IOException {
        return write(
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: gate\r\nContent-Type: "
                        + contentType
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
    }

    /** One answer, headers and body; less when the server closes before its end. */
    String read() throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            if (!readByte(answer)) {
                return answer.toString();
            }
        }
        String headers = answer.toString().toLowerCase(Locale.ROOT);
        int at = headers.indexOf("content-length: ");
        int length =
                at < 0
                        ? 0
                        : Integer.parseInt(headers.substring(at + 16, headers.indexOf('\r', at)));
        for (int i = 0; i < length; i++) {
            if (!readByte(answer)) {
                return answer.toString();
            }
        }
        return answer.toString();
    }

    private boolean readByte(StringBuilder answer) throws IOException {
        InputStream input = socket.getInputStream();
        int next = input.read();
        if (next >= 0) {
            answer.append((char) next);
        }
        return next >= 0;
    }

    /** Sends no more, as a caller does that ends. */
    RawConnection endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Whether the server has closed its side. */
    boolean isAtEnd() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
