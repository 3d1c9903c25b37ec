package dev.annals.checker.cluster;

import dev.annals.checker.cluster.Installation.Program;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.HttpProbe;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.JvmProcess;
import dev.annals.service.ServiceConfig;
import dev.annals.service.TopicSettings;
import java.io.IOException;
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
import java.util.function.Supplier;

/** One process of a service. It counts as started when it answers at all, which may be long before it is ready. */
final class Instance {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
    private static final int ANSWER_LIMIT_MILLIS = 1_000;
    private static final List<String> JVM_OPTIONS =
            List.of("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final URI address;
    private final JvmProcess process;

    /** @param connection where the broker and the registry are */
    Instance(Path folder, Map<String, String> connection, Program program) {
        int port = FreePorts.any();
        this.address = URI.create("http://127.0.0.1:" + port);
        Properties settings = new Properties();
        settings.setProperty(ServiceConfig.HTTP_PORT, Integer.toString(port));
        settings.setProperty(ServiceConfig.STATE_DIR, folder.resolve("state").toString());
        settings.setProperty(TopicSettings.PARTITIONS, Integer.toString(Installation.PARTITIONS));
        settings.setProperty(ServiceConfig.STANDBY_REPLICAS, "1");
        settings.putAll(connection);
        settings.putAll(program.settings());
        JvmCommand command = new JvmCommand(
                        folder.getFileName().toString(),
                        JvmCommand.ownClassPath(),
                        JVM_OPTIONS,
                        program.mainClass(),
                        List.of("--config", write(folder, settings).toString()),
                        folder.resolve("service.log"))
                .withJvmOptions(program.jvmOptions());
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

    static <T> CompletableFuture<T> async(Supplier<T> start) {
        return CompletableFuture.supplyAsync(start, task -> Thread.ofPlatform().start(task));
    }

    /** Starts all at the same time and returns when they answer at all. */
    static void startAll(List<Instance> instances) {
        instances.stream()
                .map(each -> async(() -> {
                    each.process.start();
                    return each;
                }))
                .toList()
                .forEach(CompletableFuture::join);
    }

    /**
     * Waits until all say that they are ready.
     *
     * @throws TimeoutException if they don't; the message has what they say
     */
    static void awaitReady(List<Instance> instances) throws TimeoutException {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        List<Instance> waiting = new ArrayList<>(instances);
        while (!waiting.isEmpty()) {
            waiting.removeIf(each -> each.answers("/health/ready"));
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not ready within %d s: %s"
                        .formatted(
                                READY_LIMIT.toSeconds(),
                                waiting.stream().map(Instance::health).toList()));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
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
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) address.resolve("/health/ready").toURL().openConnection();
            connection.setConnectTimeout(ANSWER_LIMIT_MILLIS);
            connection.setReadTimeout(ANSWER_LIMIT_MILLIS);
            var body = connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
            return address + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return address + " " + e;
        }
    }
}
