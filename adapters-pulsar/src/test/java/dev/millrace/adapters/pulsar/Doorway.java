package dev.millrace.adapters.pulsar;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port that refuses every connection at first, and passes them on once it is open; shut again, it
 * keeps them and says nothing.
 */
final class Doorway implements AutoCloseable {

    private final String host;
    private final int target;
    private final ServerSocket socket;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean open;

    Doorway(String host, int target) throws IOException {
        this.host = host;
        this.target = target;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    synchronized void open() {
        open = true;
        notifyAll();
    }

    /** What comes from now on waits until it is opened again, on either side. */
    void fallSilent() {
        open = false;
    }

    private synchronized void awaitOpen() throws InterruptedException {
        while (!open && !socket.isClosed()) {
            wait();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        synchronized (this) {
            notifyAll();
        }
        for (Socket each : sockets) {
            each.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = socket.accept();
                if (open) {
                    Socket broker = new Socket(host, target);
                    sockets.add(caller);
                    sockets.add(broker);
                    Thread.ofVirtual().start(() -> pass(caller, broker));
                    Thread.ofVirtual().start(() -> pass(broker, caller));
                } else {
                    caller.close();
                }
            }
        } catch (IOException closed) {
            open = false;
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] bytes = new byte[8 << 10];
        try (from;
                to) {
            int count = from.getInputStream().read(bytes);
            while (count >= 0) {
                awaitOpen();
                to.getOutputStream().write(bytes, 0, count);
                count = from.getInputStream().read(bytes);
            }
        } catch (IOException _) {
            // Either end may go at any time; then the other goes too.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
