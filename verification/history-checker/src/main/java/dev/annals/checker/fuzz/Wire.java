package dev.annals.checker.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One connection of a client that writes what it likes: no HTTP library would. Reads answers as HTTP/1.1 frames them,
 * by {@code Content-Length}, in chunks, or up to the end. For one thread.
 */
final class Wire implements AutoCloseable {

    /** For one answer, on a machine that is busy with everything. */
    static final int ANSWER_LIMIT_MILLIS = 40_000;

    /** What the server needs to see that nobody is there any more. */
    static final int END_LIMIT_MILLIS = 40_000;

    private static final int CONNECT_LIMIT_MILLIS = 20_000;
    private static final int MAX_LINE = 65_536;
    private static final int MAX_ANSWERS = 20;
    private static final int CONTINUE = 100;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final Socket socket = new Socket();
    private final InputStream in;
    private boolean used;

    /** The server did not keep to HTTP/1.1. */
    static final class NoAnswerException extends IOException {

        private static final long serialVersionUID = 1;

        NoAnswerException(String message) {
            super(message);
        }
    }

    Wire(URI server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), CONNECT_LIMIT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Whether an answer was read already: then the server may have closed it meanwhile. */
    boolean isUsed() {
        return used;
    }

    /**
     * Sends a request and reads its answer.
     *
     * @param head whether the answer has no body
     */
    Answer exchange(byte[] request, boolean head) throws IOException {
        socket.getOutputStream().write(request);
        Answer answer = answer(head);
        used = true;
        return answer;
    }

    /**
     * Sends bytes, closes this side, and reads all answers up to the end.
     *
     * @param head whether answers have no bodies
     * @throws SocketTimeoutException if the server does not close its side
     */
    List<Answer> exchangeAll(byte[] bytes, boolean head) throws IOException {
        List<Answer> answers = new ArrayList<>();
        socket.setSoTimeout(END_LIMIT_MILLIS);
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            while (answers.size() < MAX_ANSWERS) {
                Answer answer = answer(head);
                answers.add(answer);
                if (answer.live()) {
                    break;
                }
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // Refused while it was written, or at its end: nothing more comes.
        }
        return answers;
    }

    /** Sends bytes and goes. */
    void giveUp(byte[] bytes, boolean reset) throws IOException {
        socket.setSoLinger(reset, 0);
        socket.getOutputStream().write(bytes);
    }

    private Answer answer(boolean head) throws IOException {
        while (true) {
            String statusLine = line();
            if (!statusLine.matches("HTTP/1\\.[01] \\d{3}.*")) {
                throw new NoAnswerException("no status line: " + statusLine);
            }
            int status = Integer.parseInt(statusLine, 9, 12, 10);
            Map<String, String> headers = new HashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon < 1) {
                    throw new NoAnswerException("no header: " + line);
                }
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (status == CONTINUE) {
                continue;
            }
            boolean live = String.valueOf(headers.get("content-type")).startsWith("text/event-stream");
            boolean empty = head || live || status == NO_CONTENT || status == NOT_MODIFIED;
            return new Answer(status, headers, empty ? new byte[0] : body(headers), live);
        }
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        String length = headers.get("content-length");
        if (length != null) {
            int announced = Integer.parseInt(length);
            byte[] body = in.readNBytes(announced);
            if (body.length < announced) {
                throw new NoAnswerException("the body ended after %d of %d bytes".formatted(body.length, announced));
            }
            return body;
        }
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunks();
        }
        return in.readAllBytes();
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                while (!line().isEmpty()) {
                    // trailers
                }
                return body.toByteArray();
            }
            body.write(in.readNBytes(size));
            line();
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new NoAnswerException(
                        line.size() == 0 ? "the connection was closed" : "the answer ended within a line");
            }
            if (line.size() == MAX_LINE) {
                throw new NoAnswerException("a line of an answer is longer than " + MAX_LINE);
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
