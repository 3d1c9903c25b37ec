package dev.annals.checker.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Passes TCP connections on to another address, each byte after a delay, both ways. Bounded: 1,024 pieces of up to 16
 * KiB under way in each direction of a connection, then the sender waits.
 */
public final class SlowRelay implements AutoCloseable {

    private static final int PIECE = 16 << 10;
    private static final int MAX_PIECES = 1_024;
    private static final int CONNECT_LIMIT_MILLIS = 5_000;
    private static final Duration STUCK = Duration.ofMinutes(1);

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Duration delay;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    /** Bytes, and when they are due; no bytes are the end. */
    private static final class Piece {

        private final byte[] bytes;
        private final long due;

        Piece(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }
    }

    /**
     * Listens from now on.
     *
     * @param host the address to listen on, on a free port
     */
    public SlowRelay(String host, String targetHost, int targetPort, Duration delay) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getByName(host));
        this.target = new InetSocketAddress(targetHost, targetPort);
        this.delay = delay;
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().name("relay").start(() -> connect(client));
            }
        } catch (IOException closed) {
            // The relay is closed.
        }
    }

    private void connect(Socket client) {
        Socket broker = new Socket();
        open.add(broker);
        try {
            broker.connect(target, CONNECT_LIMIT_MILLIS);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            pass(client, broker);
            pass(broker, client);
        } catch (IOException refused) {
            end(client);
            end(broker);
        }
    }

    private void pass(Socket from, Socket to) {
        BlockingQueue<Piece> underWay = new ArrayBlockingQueue<>(MAX_PIECES);
        Thread.ofVirtual().name("relay-in").start(() -> read(from, underWay));
        Thread.ofVirtual().name("relay-out").start(() -> {
            write(underWay, to);
            end(from);
            end(to);
        });
    }

    private void read(Socket from, BlockingQueue<Piece> underWay) {
        try {
            byte[] buffer = new byte[PIECE];
            try {
                InputStream in = from.getInputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (!offer(underWay, Arrays.copyOf(buffer, count))) {
                        return; // nobody takes it any more
                    }
                }
            } catch (IOException ended) {
                // As good as the end.
            }
            var unused = offer(underWay, new byte[0]);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean offer(BlockingQueue<Piece> underWay, byte[] bytes) throws InterruptedException {
        Piece piece = new Piece(bytes, System.nanoTime() + delay.toNanos());
        return underWay.offer(piece, STUCK.toSeconds(), TimeUnit.SECONDS);
    }

    private static void write(BlockingQueue<Piece> underWay, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            for (Piece piece = underWay.take(); piece.bytes.length > 0; piece = underWay.take()) {
                TimeUnit.NANOSECONDS.sleep(piece.due - System.nanoTime());
                out.write(piece.bytes);
            }
        } catch (IOException ended) {
            // The other end has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // As wanted.
        }
    }

    /** Ends all connections, too. */
    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(this::end);
    }
}
