package dev.annals.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.embedded.FreePorts;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.kafka.KafkaAccess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An installation of its own for one test class: a data folder, free ports, and the command line of the distribution
 * that the build has made, or of another one.
 */
final class Installation {

    /** What the build has made of the sources around this test. */
    static final Path CURRENT = Path.of(System.getProperty("annals.distribution", "../../tools/cli/target/annals"));

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, String> environment = new HashMap<>();
    private final Path folder;
    private final KafkaAccess kafka;
    private final int commandsPort;
    private final int queriesPort;
    private final List<String> ports;
    private final int projectorPort;
    private final int processesPort;
    private final int consolePort;
    private final HttpClient http = HttpClient.newHttpClient();
    private Path distribution;

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

        /** Starts it; its output goes to files in the folder. */
        static Running of(ProcessBuilder builder, Path folder) throws IOException {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new Running(process, out, err);
        }

        Ran await() throws IOException, InterruptedException {
            return await(COMMAND_LIMIT);
        }

        Ran await(Duration limit) throws IOException, InterruptedException {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("no end after " + limit + ": " + Files.readString(err));
            }
            return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
        }
    }

    Installation(Path folder) {
        this(folder, CURRENT);
    }

    /** @param distribution the folder that another checkout's build has made: {@code tools/cli/target/annals} */
    Installation(Path folder, Path distribution) {
        this.folder = folder;
        this.distribution = distribution;
        List<Integer> free = freePorts(8);
        this.kafka = new KafkaAccess(
                "127.0.0.1:" + free.get(0),
                "http://127.0.0.1:%d/apis/ccompat/v7".formatted(free.get(2)),
                new Topics(""),
                Map.of());
        this.commandsPort = free.get(3);
        this.queriesPort = free.get(4);
        this.projectorPort = free.get(5);
        this.ports = List.of(
                "--broker-port", text(free, 0),
                "--controller-port", text(free, 1),
                "--registry-port", text(free, 2),
                "--commands-port", text(free, 3),
                "--queries-port", text(free, 4),
                "--projector-port", text(free, 5));
        this.processesPort = free.get(6);
        this.consolePort = free.get(7);
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

    /** From now on the command line is that of another build. Data and ports stay, and so does what runs. */
    void runBy(Path other) {
        distribution = other;
    }

    /** Settings of all services that are started from now on, as environment variables. */
    void configure(Map<String, String> variables) {
        environment.putAll(variables);
    }

    Ran up(String... options) throws IOException, InterruptedException {
        return startUp(options).await();
    }

    /** As {@link #up}, without waiting. */
    Running startUp(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("up"));
        arguments.addAll(List.of(options));
        arguments.addAll(ports);
        if (has("annals-process-service")) {
            arguments.addAll(List.of("--processes-port", Integer.toString(processesPort)));
        }
        if (has("annals-console")) {
            arguments.addAll(List.of("--console-port", Integer.toString(consolePort)));
        }
        return start(arguments.toArray(String[]::new));
    }

    /** A build of before there were any does not know the option. */
    private boolean has(String module) {
        try (Stream<Path> jars = Files.list(distribution.resolve("lib"))) {
            return jars.anyMatch(jar -> jar.getFileName().toString().startsWith(module));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Ran run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).await();
    }

    /** As the script {@code annals} does it, which would build first. */
    Running start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + distribution.resolve("annals.jsa").toAbsolutePath(),
                "-Xlog:disable",
                "-Dannals.registry.home=" + distribution.resolve("registry").toAbsolutePath(),
                "-Dannals.class.archives=" + distribution.resolve("cds").toAbsolutePath(),
                "-cp",
                distribution.resolve("lib").toAbsolutePath() + "/*",
                "dev.annals.cli.AnnalsMain"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().put("ANNALS_DATA", data().toString());
        return Running.of(builder, folder);
    }

    /** A command line with the ports of this installation instead of the usual ones. */
    String withPorts(String commandLine) {
        return commandLine.replace(":8080/", ":" + commandsPort + "/").replace(":8081/", ":" + queriesPort + "/");
    }

    /** As any program has it. */
    KafkaAccess kafka() {
        return kafka;
    }

    /** Where the console's pages are. */
    String console() {
        return "http://127.0.0.1:" + consolePort;
    }

    int commandsPort() {
        return commandsPort;
    }

    int queriesPort() {
        return queriesPort;
    }

    int projectorPort() {
        return projectorPort;
    }

    int processesPort() {
        return processesPort;
    }

    Path data() {
        return folder.resolve("data");
    }

    /** A process of the installation, looked up while there is time: the command line takes a second. */
    ProcessHandle process(String title) throws IOException, InterruptedException {
        return Optional.ofNullable(processes().get(title))
                .orElseThrow(() -> new AssertionError("there is no process " + title));
    }

    /** Those that run, by title. */
    Map<String, ProcessHandle> processes() throws IOException, InterruptedException {
        Map<String, ProcessHandle> running = new LinkedHashMap<>();
        for (JsonNode process : run("status", "--json").json()) {
            ProcessHandle.of(process.path("pid").asLong())
                    .ifPresent(handle -> running.put(process.path("title").asText(), handle));
        }
        return running;
    }

    /** SIGKILL. */
    static void kill(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException {
        return post(commandsPort, path, json, headers);
    }

    /** Likewise of a service beside those of the installation. */
    HttpResponse<String> post(int port, String path, String json, String... headers)
            throws IOException, InterruptedException {
        return http.send(
                request(port, path, headers)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(queriesPort, path);
    }

    /** Likewise of a service beside those of the installation. */
    HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(request(port, path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What comes of a stream of events until something has. */
    String firstEvents(int port, String path) throws IOException, InterruptedException {
        HttpRequest request =
                request(port, path, "Accept", "text/event-stream").GET().build();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("data:")) {
                line = lines.readLine();
            }
            return String.valueOf(line);
        }
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
