package dev.annals.projector;

import dev.annals.embedded.FreePorts;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.JvmProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The projector as a JVM of its own, which can be killed. */
final class ProjectorProcess {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

    private ProjectorProcess() {}

    /** Waits until it is ready. */
    static JvmProcess start(Path folder, Map<String, String> settings) {
        int port = FreePorts.any();
        return start(folder, settings, port, () -> isReady(port));
    }

    /** Waits for nothing: for whoever is to see what it does while it starts. */
    static JvmProcess launch(Path folder, Map<String, String> settings) {
        return start(folder, settings, FreePorts.any(), () -> true);
    }

    private static JvmProcess start(Path folder, Map<String, String> settings, int port, BooleanSupplier ready) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("annals.http.port", Integer.toString(port));
        all.put("annals.state.dir", folder.resolve("state").toString());
        JvmProcess process = new JvmProcess(command(folder, all), ready, START_LIMIT, STOP_LIMIT);
        process.start();
        return process;
    }

    private static JvmCommand command(Path folder, Map<String, String> settings) {
        Path file = folder.resolve("projector.properties");
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        try {
            Files.createDirectories(folder);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new JvmCommand(
                "projector",
                JvmCommand.ownClassPath(),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                ProjectorService.class.getName(),
                List.of("--config", file.toString()),
                folder.resolve("projector.log"));
    }

    private static boolean isReady(int port) {
        try {
            return get(port, "/health/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    static HttpResponse<String> get(int port, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(REQUEST_LIMIT)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
