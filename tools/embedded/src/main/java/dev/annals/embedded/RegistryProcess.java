package dev.annals.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Apicurio Registry as a child JVM that speaks Confluent's REST API on the loopback, with BACKWARD as its compatibility
 * rule.
 *
 * <p>Schemas and ids stand in a file that is written through at every commit, so that kill -9 loses and reuses none;
 * the ADR on the embedded broker and registry says why a file and not a topic.
 */
public final class RegistryProcess extends JvmProcess {
    private static final String SUBJECTS = "/subjects";

    private final RegistryConfig config;

    private RegistryProcess(RegistryConfig config, Duration startLimit) {
        super(command(config), () -> answers(config.url()), startLimit, RegistryConfig.STOP_LIMIT);
        this.config = config;
    }

    /**
     * Starts a registry and waits until it answers.
     *
     * @throws StartFailedException if it doesn't
     */
    public static RegistryProcess start(RegistryConfig config) {
        RegistryProcess registry = new RegistryProcess(config, RegistryConfig.START_LIMIT);
        registry.start();
        return registry;
    }

    /** A registry that does not run yet. */
    public static RegistryProcess of(Duration startLimit, RegistryConfig config) {
        return new RegistryProcess(config, startLimit);
    }

    /** The command that starts the registry, for a caller that supervises it itself. */
    public static JvmCommand command(RegistryConfig config) {
        return new JvmCommand(
                        "Schema registry",
                        JvmCommand.moduleClassPath() + File.pathSeparator + config.runner(),
                        RegistryConfig.JVM_OPTIONS,
                        "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                        List.of(),
                        config.logFile())
                .withJvmOptions(settings(config))
                .withLauncher(config.launcher());
    }

    /** Whether a registry answers at the root of this API within a second. */
    public static boolean answers(String url) {
        return HttpProbe.isOk(url + SUBJECTS);
    }

    /** Whether a registry answers at the root of this API within the limit. */
    public static boolean answers(String url, Duration limit) {
        return HttpProbe.isOk(url + SUBJECTS, limit);
    }

    /** The root of the REST API that Confluent's clients speak: the value for {@code schema.registry.url}. */
    public String url() {
        return config.url();
    }

    private static List<String> settings(RegistryConfig config) {
        return List.of(
                // The runner's manifest asks for it, which counts only under -jar.
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dquarkus.http.host=" + config.host(),
                "-Dquarkus.http.port=" + config.port(),
                // Health and metrics listen on every address and on port 9000 by default.
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=0",
                "-Dapicurio.storage.kind=sql",
                "-Dapicurio.storage.sql.kind=h2",
                "-Dapicurio.datasource.url=jdbc:h2:file:" + database(config) + ";WRITE_DELAY=0",
                "-Dapicurio.datasource.jdbc.initial-size=2",
                "-Dapicurio.datasource.jdbc.min-size=2",
                "-Dapicurio.datasource.jdbc.max-size=8",
                // The registry's default is NONE.
                "-Dapicurio.rules.global.compatibility=BACKWARD",
                "-Dquarkus.http.access-log.enabled=false",
                "-Dquarkus.log.category.\"io.apicurio\".level=WARN",
                "-Dquarkus.log.console.format=%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p %c{1} %s%e%n");
    }

    private static Path database(RegistryConfig config) {
        try {
            return Files.createDirectories(config.folder()).toRealPath().resolve("registry");
        } catch (IOException e) {
            throw new UncheckedIOException("Can't make the registry's data folder: " + e.getMessage(), e);
        }
    }
}
