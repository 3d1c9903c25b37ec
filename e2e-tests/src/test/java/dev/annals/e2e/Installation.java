package dev.annals.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.embedded.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * An installation of its own for one test class: a data folder, free ports, and the command line of the distribution that the
 * build has made.
 */
final class Installation {

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);
    private static final Path DISTRIBUTION = Path.of(System.getProperty("annals.distribution", "../cli/target/annals"));

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final int commandsPort;
    private final int queriesPort;
    private final List<String> ports;
    private final HttpClient http = HttpClient.newHttpClient();

    /** What a command printed, and how it ended. */
    record Ran(int exitCode, String out, String err) {

        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException("no JSON: " + this, e);
            }
        }
    }

    /** A command that is still running. */
    record Running(Process process, Path out, Path err) {

        Ran await() throws IOException, InterruptedException {
            if (!process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end after " + COMMAND_LIMIT + ": " + Files.readString(err));
            }
            return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    Installation(Path folder) {
        this.folder = folder;
        List<Integer> free = freePorts(6);
        this.commandsPort = free.get(3);
        this.queriesPort = free.get(4);
        this.ports = List.of(
                "--broker-port", text(free, 0),
                "--controller-port", text(free, 1),
                "--registry-port", text(free, 2),
                "--commands-port", text(free, 3),
                "--queries-port", text(free, 4),
                "--projector-port", text(free, 5));
    }

    private static String text(List<Integer> ports, int index) {
        return Integer.toString(ports.get(index));
    }

    private static List<Integer> freePorts(int count) {
        return IntStream.generate(FreePorts::any)
                .distinct()
                .limit(count)
                .boxed()
                .toList();
    }

    Ran up() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("up"));
        arguments.addAll(ports);
        return run(arguments.toArray(String[]::new));
    }

    Ran run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).await();
    }

    Running start(String... arguments) throws IOException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dannals.registry.home=" + DISTRIBUTION.resolve("registry").toAbsolutePath(),
                "-cp",
                DISTRIBUTION.resolve("lib").toAbsolutePath() + "/*",
                "dev.annals.cli.AnnalsMain"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("ANNALS_DATA", data().toString());
        return new Running(builder.start(), out, err);
    }

    Path data() {
        return folder.resolve("data");
    }

    /** A process of the installation, looked up while there is time: the command line takes a second. */
    ProcessHandle process(String title) throws IOException, InterruptedException {
        for (JsonNode process : run("status", "--json").json()) {
            if (process.path("title").asText().equals(title)) {
                return ProcessHandle.of(process.path("pid").asLong()).orElseThrow();
            }
        }
        throw new AssertionError("there is no process " + title);
    }

    /** SIGKILL. */
    static void kill(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException {
        return http.send(
                request(commandsPort, path, headers)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(queriesPort, path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(REQUEST_LIMIT);
        return headers.length == 0 ? request : request.headers(headers);
    }

    void stop() throws IOException, InterruptedException {
        run("down");
        http.close();
    }
}
