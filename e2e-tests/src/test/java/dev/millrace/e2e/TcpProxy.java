package dev.millrace.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Stands between a client and one server on loopback, and does to their connections what networks
 * do. Everything can be changed while traffic flows. Thread-safe.
 */
final class TcpProxy implements AutoCloseable {

    private static final int CHUNK_BYTES = 64 * 1024;

    /** So much may be on the wire at once, each way of a connection. */
    private static final int CHUNKS_UNDER_WAY = 64;

    /** Which way bytes go. */
    enum Way {
        TO_SERVER,
        TO_CLIENT
    }

    /** What happens to a chunk. */
    sealed interface Verdict {

        /** All of it goes on. */
        record Forward() implements Verdict {}

        /** The first bytes go on, then both sides see a reset. */
        record CutAfter(int bytes) implements Verdict {}

        Verdict FORWARD = new Forward();
        Verdict CUT = new CutAfter(0);
    }

    /**
     * Sees the bytes of one connection before they go on. Called by one thread for each way; what
     * it waits for, waits on the wire.
     */
    interface Tap {
        Verdict see(Way way, byte[] chunk) throws InterruptedException;
    }

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Supplier<Tap> taps = () -> (way, chunk) -> Verdict.FORWARD;
    private volatile Duration latency = Duration.ZERO;
    private final Object hole = new Object();
    private boolean holeIsOpen;

    private TcpProxy(InetSocketAddress target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /** Listens on a free port of loopback. */
    static TcpProxy to(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            TcpProxy proxy =
                    new TcpProxy(
                            new InetSocketAddress(loopback, port),
                            new ServerSocket(0, 128, loopback));
            Thread.ofVirtual().name("proxy-accept").start(proxy::accept);
            return proxy;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections there are now. */
    int connections() {
        return links.size();
    }

    /** Each chunk arrives this much later, each way; order and throughput stay. */
    void delay(Duration eachWay) {
        latency = eachWay;
    }

    /**
     * @param perConnection asked at the start of each connection to come
     */
    void tap(Supplier<Tap> perConnection) {
        taps = perConnection;
    }

    /** Resets every connection there is. */
    void cutAll() {
        links.forEach(Link::cut);
    }

    /** From now on nothing arrives and nobody is told. New connections are taken, and silent. */
    void openBlackHole() {
        synchronized (hole) {
            holeIsOpen = true;
        }
    }

    /** What was on its way goes on, as after lost packets. */
    void closeBlackHole() {
        synchronized (hole) {
            holeIsOpen = false;
            hole.notifyAll();
        }
    }

    private void passBlackHole() throws InterruptedException {
        synchronized (hole) {
            while (holeIsOpen) {
                hole.wait();
            }
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("proxy-connect").start(() -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        Link link = new Link(client, server, taps.get());
        links.add(link);
        try {
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            link.start();
        } catch (IOException refused) {
            link.cut();
        }
        if (listener.isClosed()) {
            link.cut();
        }
    }

    /** Resets what is there and takes nothing more. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        cutAll();
        closeBlackHole();
    }

    /** One client's connection and the one made for it. */
    private final class Link {

        private final Socket client;
        private final Socket server;
        private final Tap tap;

        Link(Socket client, Socket server, Tap tap) {
            this.client = client;
            this.server = server;
            this.tap = tap;
        }

        void start() {
            carry(Way.TO_SERVER, client, server);
            carry(Way.TO_CLIENT, server, client);
        }

        private void carry(Way way, Socket from, Socket to) {
            BlockingQueue<Chunk> wire = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY);
            Thread reading = Thread.ofVirtual().name("proxy-read").start(() -> read(from, wire));
            Thread.ofVirtual()
                    .name("proxy-write")
                    .start(() -> {
                        write(way, wire, to);
                        reading.interrupt();
                    });
        }

        private void read(Socket from, BlockingQueue<Chunk> wire) {
            try {
                InputStream in = from.getInputStream();
                byte[] buffer = new byte[CHUNK_BYTES];
                for (int length = 0; length >= 0; length = in.read(buffer)) {
                    if (length > 0) {
                        wire.put(Chunk.of(Arrays.copyOf(buffer, length), latency));
                    }
                }
                wire.put(Chunk.of(new byte[0], latency));
            } catch (IOException | InterruptedException broken) {
                cut();
            }
        }

        private void write(Way way, BlockingQueue<Chunk> wire, Socket to) {
            try {
                OutputStream out = to.getOutputStream();
                for (Chunk chunk = wire.take(); !chunk.isEnd(); chunk = wire.take()) {
                    chunk.awaitArrival();
                    passBlackHole();
                    switch (tap.see(way, chunk.bytes())) {
                        case Verdict.Forward() -> out.write(chunk.bytes());
                        case Verdict.CutAfter(int bytes) -> {
                            out.write(chunk.bytes(), 0, bytes);
                            cut();
                            return;
                        }
                    }
                }
                end(to);
            } catch (IOException | InterruptedException broken) {
                cut();
            }
        }

        /** One side has said all; the link ends when the other has, too. */
        private synchronized void end(Socket to) throws IOException {
            to.shutdownOutput();
            if (client.isOutputShutdown() && server.isOutputShutdown()) {
                links.remove(this);
                client.close();
                server.close();
            }
        }

        void cut() {
            links.remove(this);
            reset(client);
            reset(server);
        }

        /** Closing without lingering throws away what is under way and sends RST. */
        private static void reset(Socket socket) {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (IOException closed) {
                // It is what was wanted.
            }
        }
    }

    /** Bytes on their way, and when they are there; no bytes are the end of all. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Chunk(byte[] bytes, long arrivalNanos) {

        static Chunk of(byte[] bytes, Duration latency) {
            return new Chunk(bytes, System.nanoTime() + latency.toNanos());
        }

        boolean isEnd() {
            return bytes.length == 0;
        }

        void awaitArrival() throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(arrivalNanos - System.nanoTime());
        }
    }
}
