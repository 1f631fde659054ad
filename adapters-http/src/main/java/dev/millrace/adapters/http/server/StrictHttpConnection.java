package dev.millrace.adapters.http.server;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A connection with what Jetty lacks in strictness about a request's head: a deadline, which holds
 * however slowly the head comes, a number of headers, no transfer coding but {@code chunked}, since
 * Jetty takes others before it and hands their body over as it is, and whole escapes in all of the
 * path. On a port that drains each answer is the last one. Confined to one thread at a time, as its
 * super class is.
 */
final class StrictHttpConnection extends HttpConnection {

    private static final String WEB_SOCKET = "Sec-WebSocket-";

    /** Before any query: Jetty does not look at parameters, and who decodes them stumbles. */
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("[^?#]*%(?!\\p{XDigit}{2})");

    private final int maxHeaders;
    private final Duration headDeadline;

    /** Set while the super class is constructed, so it must have no initializer. */
    private @Nullable StrictHandler handler;

    private StrictHttpConnection(
            HttpConfiguration configuration,
            Connector connector,
            EndPoint endPoint,
            int maxHeaders,
            Duration headDeadline) {
        super(configuration, connector, endPoint);
        this.maxHeaders = maxHeaders;
        this.headDeadline = headDeadline;
    }

    /** A factory of such connections, and of no other protocol. */
    static HttpConnectionFactory factory(
            HttpConfiguration configuration, int maxHeaders, Duration headDeadline) {
        return new HttpConnectionFactory(configuration) {
            @Override
            public StrictHttpConnection newConnection(Connector connector, EndPoint endPoint) {
                StrictHttpConnection connection =
                        new StrictHttpConnection(
                                getHttpConfiguration(),
                                connector,
                                endPoint,
                                maxHeaders,
                                headDeadline);
                configure(connection, connector, endPoint);
                return connection;
            }
        };
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
        return new PartingStream(method, uri, version);
    }

    @Override
    protected StrictHandler newRequestHandler() {
        StrictHandler strict = new StrictHandler();
        handler = strict;
        return strict;
    }

    @Override
    protected HttpParser newHttpParser(HttpCompliance compliance) {
        return new TimedParser(handler, getHttpConfiguration().getRequestHeaderSize(), compliance);
    }

    /** One request and its answer, which says so when it is the last one of the connection. */
    private final class PartingStream extends HttpStreamOverHTTP1 {

        private PartingStream(String method, String uri, HttpVersion version) {
            super(method, uri, version);
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.@Nullable Response response,
                boolean last,
                @Nullable ByteBuffer content,
                Callback callback) {
            if (response != null
                    && HttpStatus.OK_200 <= response.getStatus()
                    && getConnector() instanceof DrainingConnector door
                    && door.isDraining()) {
                getGenerator().setPersistent(false);
            }
            super.send(request, response, last, content, callback);
        }
    }

    final class StrictHandler extends RequestHandler {
        private int fields;

        @Override
        public void messageBegin() {
            fields = 0;
            super.messageBegin();
        }

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            if (BROKEN_ESCAPE.matcher(uri).lookingAt()) {
                throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400);
            }
            super.startRequest(method, uri, version);
        }

        @Override
        public void parsedHeader(HttpField field) {
            requireRoom();
            if (field.getName().regionMatches(true, 0, WEB_SOCKET, 0, WEB_SOCKET.length())) {
                // Nothing here is a WebSocket; what sees such a header would open a session.
                return;
            }
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING
                    && !"chunked".equalsIgnoreCase(field.getValue())) {
                throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400);
            }
            super.parsedHeader(field);
        }

        @Override
        public void parsedTrailer(HttpField field) {
            requireRoom();
            super.parsedTrailer(field);
        }

        private void requireRoom() {
            fields++;
            if (fields > maxHeaders) {
                throw new HttpException.RuntimeException(
                        HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
            }
        }
    }

    /** Looks at the clock whenever something has come; silence is the idle timeout's. */
    private final class TimedParser extends HttpParser {

        private TimedParser(
                @Nullable StrictHandler handler, int maxHeaderBytes, HttpCompliance compliance) {
            super(handler, maxHeaderBytes, compliance);
        }

        @Override
        public boolean parseNext(ByteBuffer buffer) {
            if (isWithinHead() && System.nanoTime() - getBeginNanoTime() > headDeadline.toNanos()) {
                BufferUtil.clear(buffer);
                badMessage(new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408));
                return false;
            }
            return super.parseNext(buffer);
        }

        private boolean isWithinHead() {
            State state = getState();
            return state.compareTo(State.START) > 0 && state.compareTo(State.CONTENT) < 0;
        }
    }
}
