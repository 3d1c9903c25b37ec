package dev.annals.checker.cluster;

import dev.annals.checker.cluster.Installation.Program;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.HttpProbe;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.JvmProcess;
import dev.annals.service.ServiceConfig;
import dev.annals.service.TopicSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** One process of a service. It counts as started when it answers at all, which may be long before it is ready. */
final class Instance {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
    private static final int ANSWER_LIMIT_MILLIS = 1_000;

    /** Logs are as services have them, whatever else is on this JVM's class path. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xms64m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=logback.xml");

    private final String name;
    private final URI address;
    private final JvmProcess process;

    /** @param connection where the brokers and the registry are, and where its stores */
    Instance(Path folder, Map<String, String> connection, Program program, Placement placement) {
        int port = FreePorts.any();
        this.name = folder.getFileName().toString();
        String scheme = program.settings().containsKey(ServiceConfig.TLS_CERTIFICATE) ? "https" : "http";
        this.address = URI.create("%s://%s:%d".formatted(scheme, placement.host(), port));
        Properties settings = new Properties();
        settings.setProperty(ServiceConfig.HTTP_PORT, Integer.toString(port));
        settings.setProperty(TopicSettings.PARTITIONS, Integer.toString(Installation.PARTITIONS));
        settings.setProperty(ServiceConfig.STANDBY_REPLICAS, "1");
        settings.putAll(connection);
        settings.putAll(program.settings());
        JvmCommand command = new JvmCommand(
                        name,
                        JvmCommand.ownClassPath(),
                        JVM_OPTIONS,
                        program.mainClass(),
                        List.of("--config", write(folder, settings).toString()),
                        folder.resolve("service.log"))
                .withJvmOptions(program.jvmOptions())
                .withLauncher(placement.launcher());
        this.process = new JvmProcess(command, () -> answers("/health/live"), START_LIMIT, STOP_LIMIT);
    }

    private static Path write(Path folder, Properties settings) {
        Path file = folder.resolve("service.properties");
        try {
            Files.createDirectories(folder);
            try (var out = Files.newBufferedWriter(file)) {
                settings.store(out, null);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file, e);
        }
    }

    /** Starts all at the same time and returns when they answer at all. */
    static void startAll(List<Instance> instances) {
        startProcesses(instances.stream().map(Instance::process).toList());
    }

    /** Starts all at the same time and returns when they have started; fails when all have done so or failed. */
    static void startProcesses(List<? extends JvmProcess> processes) {
        CompletableFuture.allOf(processes.stream()
                        .map(each -> CompletableFuture.runAsync(
                                each::start, task -> Thread.ofPlatform().start(task)))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /**
     * Waits until all say that they are ready.
     *
     * @throws TimeoutException if they don't; the message has what they say
     */
    static void awaitReady(List<Instance> instances) throws TimeoutException {
        awaitReady(instances, READY_LIMIT);
    }

    /** For the first time, when topics and stores have to be made. */
    static void awaitReadyAtFirst(List<Instance> instances) throws TimeoutException {
        awaitReady(instances, START_LIMIT);
    }

    private static void awaitReady(List<Instance> instances, Duration limit) throws TimeoutException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<Instance> waiting = new ArrayList<>(instances);
        while (!waiting.isEmpty()) {
            waiting.removeIf(each -> each.answers("/health/ready"));
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not ready within %d s: %s"
                        .formatted(
                                limit.toSeconds(),
                                waiting.stream().map(Instance::health).toList()));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    String name() {
        return name;
    }

    URI address() {
        return address;
    }

    JvmProcess process() {
        return process;
    }

    private boolean answers(String path) {
        return HttpProbe.isOk(address + path);
    }

    /** What it says of itself, for messages. */
    private String health() {
        return address + " " + readiness();
    }

    /** What it says of its readiness. */
    Readiness readiness() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) address.resolve("/health/ready").toURL().openConnection();
            connection.setConnectTimeout(ANSWER_LIMIT_MILLIS);
            connection.setReadTimeout(ANSWER_LIMIT_MILLIS);
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new Readiness(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            return new Readiness(0, e.toString());
        }
    }
}
