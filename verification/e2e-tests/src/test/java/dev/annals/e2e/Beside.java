package dev.annals.e2e;

import dev.annals.embedded.FreePorts;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.Lifetime;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.awaitility.Awaitility;

/** A service beside those of an installation, at the same broker and registry: of another build, or by itself. */
record Beside(Installation annals, Process process, int port, Path log) {

    private static final Duration READY_LIMIT = Duration.ofMinutes(5);

    /**
     * Starts it. It ends with this JVM at the latest.
     *
     * @param name as in the names of the installation's files, such as {@code query-service}
     * @param folder for its state, settings and log
     */
    static Beside start(Installation annals, Path distribution, String name, String mainClass, Path folder)
            throws IOException {
        return start(annals, distribution, name, mainClass, folder, Map.of());
    }

    /** Likewise, with further settings. */
    static Beside start(
            Installation annals,
            Path distribution,
            String name,
            String mainClass,
            Path folder,
            Map<String, String> further)
            throws IOException {
        int port = FreePorts.any();
        Path config = Files.createDirectories(folder.resolve(name)).resolve("config.properties");
        try (Writer out = Files.newBufferedWriter(config)) {
            Properties settings =
                    settings(annals, name, port, folder.resolve(name).resolve("state"));
            settings.putAll(further);
            settings.store(out, null);
        }
        Path log = folder.resolve(name).resolve("log.txt");
        Process process = new JvmCommand(
                        name,
                        distribution.resolve("lib").toAbsolutePath() + "/*",
                        List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        mainClass,
                        List.of("--config", config.toString()),
                        log)
                .start(Lifetime.WITH_PARENT);
        return new Beside(annals, process, port, log);
    }

    void awaitReady() {
        Awaitility.await("ready, log " + log)
                .atMost(READY_LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> annals.get(port, "/health/ready").statusCode() == 200);
    }

    void kill() {
        Installation.kill(process.toHandle());
    }

    private static Properties settings(Installation annals, String name, int port, Path state) throws IOException {
        Properties settings = new Properties();
        Path own = annals.data().resolve("config").resolve(name + ".properties");
        if (Files.exists(own)) {
            try (Reader in = Files.newBufferedReader(own)) {
                settings.load(in);
            }
        }
        settings.setProperty("kafka.bootstrap.servers", annals.kafka().bootstrapServers());
        settings.setProperty(
                "kafka.schema.registry.url",
                Objects.requireNonNull(annals.kafka().registryUrl()));
        settings.setProperty("annals.http.port", Integer.toString(port));
        settings.setProperty("annals.state.dir", state.toString());
        return settings;
    }
}
