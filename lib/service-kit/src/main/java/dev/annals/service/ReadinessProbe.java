package dev.annals.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * The health check of a container, whose image has no curl: asks the service in it whether it is ready, prints what it
 * answers, and exits with 0 or 1.
 *
 * <p>It is a program of its own that starts every few seconds, so it loads as few classes as it can: plain HTTP/1.0
 * over a socket takes half of the processor time that a client of the JDK takes.
 */
public final class ReadinessProbe {

    static final Duration LIMIT = Duration.ofSeconds(4);

    private static final String PORT_VARIABLE = "ANNALS_HTTP_PORT";
    private static final String OK = " 200 ";
    private static final int BEFORE_STATUS = "HTTP/1.1".length();
    private static final int MAX_ANSWER_BYTES = 8_192;

    private ReadinessProbe() {}

    public static void main(String[] args) {
        System.exit(isReady(System.getenv(), System.out) ? 0 : 1);
    }

    /** @param out is told in one line why not, or what was answered */
    static boolean isReady(Map<String, String> environment, PrintStream out) {
        String port = environment.getOrDefault(PORT_VARIABLE, "");
        if (!port.matches("[0-9]{1,5}")) {
            out.println("%s=%s: expected the port on which the service listens".formatted(PORT_VARIABLE, port));
            return false;
        }
        try {
            String answer = ask(Integer.parseInt(port));
            out.println(answer.substring(answer.lastIndexOf("\r\n") + 1).strip());
            return answer.startsWith(OK, BEFORE_STATUS);
        } catch (IOException e) {
            out.println("nothing answers on port %s: %s".formatted(port, e.getMessage()));
            return false;
        }
    }

    private static String ask(int port) throws IOException {
        try (Socket socket = new Socket()) {
            int millis = (int) LIMIT.toMillis();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write("GET /health/ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
        }
    }
}
