package dev.annals.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLSocketFactory;

/**
 * One kept-alive HTTP/1.1 connection with one request at a time, over TLS where the address says so: as little work as
 * can be on a machine that runs the server too. Knows only answers with a {@code Content-Length}.
 */
final class HttpConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int MAX_LINE = 8_192;
    private static final String LENGTH = "content-length:";
    private static final int STATUS_AT = 9;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    HttpConnection(URI server) throws IOException {
        socket = server.getScheme().equals("https")
                ? SSLSocketFactory.getDefault().createSocket()
                : new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /**
     * Sends a request and reads the answer.
     *
     * @return the answer's first line and body
     */
    Answer exchange(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        String statusLine = line();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(header.substring(LENGTH.length()).strip());
            } else if (header.toLowerCase(Locale.ROOT).startsWith("transfer-encoding:")) {
                throw new IOException("an answer without Content-Length: " + header);
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Answer(Integer.parseInt(statusLine, STATUS_AT, STATUS_AT + 3, 10), body);
    }

    /** An answer to a request. */
    record Answer(int status, String body) {}

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server has closed the connection");
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("an answer's header is longer than " + MAX_LINE);
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
