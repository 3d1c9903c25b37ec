package dev.annals.checker.cluster;

import dev.annals.checker.topics.KafkaAccess;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.HttpProbe;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.JvmProcess;
import dev.annals.service.ServiceConfig;
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

    Instance(Path folder, KafkaAccess kafka, ServiceProgram service) {
        int port = FreePorts.any();
        this.address = URI.create("http://127.0.0.1:" + port);
        Path config = write(folder, settings(folder, port, kafka, service.settings()));
        JvmCommand command = new JvmCommand(
                        folder.getFileName().toString(),
                        JvmCommand.ownClassPath(),
                        JVM_OPTIONS,
                        service.mainClass(),
                        List.of("--config", config.toString()),
                        folder.resolve("service.log"))
                .withJvmOptions(service.jvmOptions());
        this.process = new JvmProcess(command, () -> answers("/health/live"), START_LIMIT, STOP_LIMIT);
    }

    private static Properties settings(Path folder, int port, KafkaAccess kafka, Map<String, String> more) {
        Properties settings = new Properties();
        settings.setProperty(ServiceConfig.HTTP_PORT, Integer.toString(port));
        settings.setProperty(ServiceConfig.STATE_DIR, folder.resolve("state").toString());
        settings.setProperty(ServiceConfig.PARTITIONS, Integer.toString(Cluster.PARTITIONS));
        settings.setProperty(ServiceConfig.STANDBY_REPLICAS, "1");
        settings.setProperty(ServiceConfig.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        settings.setProperty("kafka.schema.registry.url", kafka.registryUrl());
        settings.putAll(more);
        return settings;
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
        instances.stream()
                .map(each -> Backbone.async(() -> {
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
            waiting.removeIf(Instance::isReady);
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

    boolean isReady() {
        return answers("/health/ready");
    }

    private boolean answers(String path) {
        return HttpProbe.isOk(address + path);
    }

    /** What it says of itself, for messages. */
    String health() {
        try {
            HttpURLConnection connection = get("/health/ready");
            var body = connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
            return address + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return address + " " + e;
        }
    }

    private HttpURLConnection get(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) address.resolve(path).toURL().openConnection();
        connection.setConnectTimeout(ANSWER_LIMIT_MILLIS);
        connection.setReadTimeout(ANSWER_LIMIT_MILLIS);
        return connection;
    }
}
