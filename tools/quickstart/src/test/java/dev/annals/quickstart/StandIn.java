package dev.annals.quickstart;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.BooleanSupplier;

/** As much of a service as the quickstart sees of it. */
final class StandIn {
    private StandIn() {}

    public static void main(String[] args) throws Exception {
        serve(config(args), () -> true);
    }

    /** The settings that the quickstart has written. */
    static Properties config(String[] args) throws IOException {
        Properties config = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(args[1]))) {
            config.load(in);
        }
        return config;
    }

    static void serve(Properties config, BooleanSupplier ready) throws IOException {
        int port = Integer.parseInt(config.getProperty("annals.http.port"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(ready.getAsBoolean() ? 200 : 503, -1);
            exchange.close();
        });
        server.start();
    }
}
