package dev.annals.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One schema registry on one machine.
 *
 * @param home Apicurio Registry's own distribution, unpacked: the folder with {@code quarkus-run.jar}
 * @param folder holds the data; made when missing
 * @param host the address that it listens on; the loopback unless said otherwise
 * @param port on which it answers
 * @param logFile the registry's log
 * @param launcher see {@link JvmCommand#launcher}
 */
public record RegistryConfig(Path home, Path folder, String host, int port, Path logFile, List<String> launcher) {

    /** The system property that names the unpacked distribution. */
    public static final String HOME_PROPERTY = "annals.registry.home";

    /** From start to ready. */
    public static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** From SIGTERM to kill. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    // Short-lived and idle most of the time: the first compiler is enough and starts it faster.
    static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final String RUNNER = "quarkus-run.jar";

    public RegistryConfig {
        launcher = List.copyOf(launcher);
        if (!Files.isRegularFile(home.resolve(RUNNER))) {
            throw new IllegalArgumentException("No schema registry in " + home + " (" + RUNNER
                    + " is missing). The build" + " unpacks it: mvn process-resources -pl embedded");
        }
    }

    /**
     * A registry on a free port with its data below the folder; the distribution is the one that the system property
     * {@value #HOME_PROPERTY} names.
     */
    public static RegistryConfig in(Path folder) {
        return in(folder, homeFromProperty());
    }

    public static RegistryConfig in(Path folder, Path home) {
        return new RegistryConfig(
                home, folder, "127.0.0.1", FreePorts.any(), folder.resolve("registry.log"), List.of());
    }

    public RegistryConfig withPort(int newPort) {
        return new RegistryConfig(home, folder, host, newPort, logFile, launcher);
    }

    public RegistryConfig withLogFile(Path newLogFile) {
        return new RegistryConfig(home, folder, host, port, newLogFile, launcher);
    }

    /** As {@link BrokerConfig#at}. */
    public RegistryConfig at(String newHost, List<String> newLauncher) {
        return new RegistryConfig(home, folder, newHost, port, logFile, newLauncher);
    }

    /** The root of the REST API that Confluent's clients speak, without a slash at its end. */
    public String url() {
        return "http://" + host + ":" + port + "/apis/ccompat/v7";
    }

    Path runner() {
        return home.resolve(RUNNER).toAbsolutePath();
    }

    private static Path homeFromProperty() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null) {
            throw new IllegalStateException("The system property " + HOME_PROPERTY
                    + " must name the unpacked schema registry (the build sets it for"
                    + " tests: tools/embedded/target/registry)");
        }
        return Path.of(home);
    }
}
