package dev.millrace.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * A collector that spans are sent to as OTLP over HTTP. It reads the bytes by the published numbers
 * of the protocol's fields, and knows nothing of the code that writes them.
 */
final class SpanCollector implements AutoCloseable {

    private static final String PATH = "/v1/traces";

    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();

    /** A span as it arrived; empty parent for a first one. */
    record Received(String traceId, String spanId, String parentId, String name) {}

    SpanCollector() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext(PATH, this::receive);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    List<Received> spans() {
        return List.copyOf(spans);
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        // ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans
        each(body, 1, resource -> each(resource, 2, scope -> each(scope, 2, this::add)));
        exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private void add(byte[] span) {
        String[] fields = {"", "", "", "", "", ""};
        fields(
                span,
                (number, value) -> {
                    if (number == 5) {
                        fields[number] = new String(value, StandardCharsets.UTF_8);
                    } else if (number == 1 || number == 2 || number == 4) {
                        fields[number] = HexFormat.of().formatHex(value);
                    }
                });
        spans.add(new Received(fields[1], fields[2], fields[4], fields[5]));
    }

    private static void each(byte[] message, int wanted, Consumer<byte[]> reader) {
        fields(
                message,
                (number, value) -> {
                    if (number == wanted) {
                        reader.accept(value);
                    }
                });
    }

    /** Hands over the fields that have a length; passes over numbers. */
    private static void fields(byte[] message, BiConsumer<Integer, byte[]> reader) {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        while (buffer.hasRemaining()) {
            long tag = varint(buffer);
            switch ((int) (tag & 7)) {
                case 0 -> varint(buffer);
                case 1 -> buffer.position(buffer.position() + Long.BYTES);
                case 2 -> {
                    byte[] value = new byte[(int) varint(buffer)];
                    buffer.get(value);
                    reader.accept((int) (tag >>> 3), value);
                }
                case 5 -> buffer.position(buffer.position() + Integer.BYTES);
                default -> throw new IllegalStateException("no such type of field: " + tag);
            }
        }
    }

    private static long varint(ByteBuffer buffer) {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = buffer.get();
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
