package dev.millrace.adapters.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A connection to a gate on which a test writes what it likes. Each whole answer that is read is
 * held against the contract.
 */
final class RawConnection implements AutoCloseable {

    /** What is HTTP of a request line, whatever method and target it names. */
    static final Pattern REQUEST_LINE = Pattern.compile("([A-Za-z]+) (\\S+) HTTP/1\\.[01]\r\n");

    private final Socket socket;
    private final Queue<MatchResult> requests = new ArrayDeque<>();
    private final Set<String> cases = new TreeSet<>();
    private boolean isDamaged;

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
    }

    RawConnection write(String text) throws IOException {
        requests.addAll(REQUEST_LINE.matcher(text).results().toList());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Bytes of which nobody can tell what request they are: any documented answer will do. */
    RawConnection writeDamaged(byte[] bytes) throws IOException {
        isDamaged = true;
        socket.getOutputStream().write(bytes);
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
        judge(answer.toString());
        return answer.toString();
    }

    /** What is no final answer is followed by one; a line that no answer belongs to is not HTTP. */
    private void judge(String answer) {
        if (answer.startsWith("HTTP/1.1 1")) {
            return;
        }
        if (isDamaged) {
            Contract.ofTheGate().judgeUnasked(Exchange.ofText("", "", "", answer));
            return;
        }
        MatchResult request = requests.poll();
        cases.addAll(
                Contract.ofTheGate()
                        .judge(
                                Exchange.ofText(
                                        request == null ? "" : request.group(1),
                                        request == null ? "" : request.group(2),
                                        "",
                                        answer)));
    }

    /** The cases of the contract that the answers read so far show. */
    Set<String> cases() {
        return cases;
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
