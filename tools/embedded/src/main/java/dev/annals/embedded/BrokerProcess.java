package dev.annals.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Apache Kafka as one child JVM that is broker and controller (KRaft combined mode), plaintext on the loopback. */
public final class BrokerProcess extends JvmProcess {
    private static final int CONNECT_LIMIT_MILLIS = 500;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

    private final BrokerConfig config;

    private BrokerProcess(BrokerConfig config, Duration startLimit) {
        super(
                command(config),
                () -> answers(config.host(), config.port(), ANSWER_LIMIT),
                startLimit,
                BrokerConfig.STOP_LIMIT);
        this.config = config;
    }

    /**
     * Starts a broker and waits until it answers.
     *
     * @throws StartFailedException if it doesn't
     */
    public static BrokerProcess start(BrokerConfig config) {
        BrokerProcess broker = new BrokerProcess(config, BrokerConfig.START_LIMIT);
        broker.start();
        return broker;
    }

    /** A broker that does not run yet, for a caller that starts several at a time. */
    public static BrokerProcess of(Duration startLimit, BrokerConfig config) {
        return new BrokerProcess(config, startLimit);
    }

    /** Writes the broker's settings and returns the command that starts it, for a caller that supervises it itself. */
    public static JvmCommand command(BrokerConfig config) {
        return new JvmCommand(
                        "Kafka broker",
                        JvmCommand.ownClassPath(),
                        config.jvmOptions(),
                        BrokerMain.class.getName(),
                        List.of(writeSettings(config).toString()),
                        config.logFile())
                .withJvmOptions(List.of("-Dlogback.configurationFile=dev/annals/embedded/broker-logback.xml"))
                .withLauncher(config.launcher());
    }

    /** As {@link #answers(int, Duration)}, within a second. */
    public static boolean answers(int port) {
        return answers(port, ANSWER_LIMIT);
    }

    /** Whether a broker answers on this port within the limit, and has registered with its controller. */
    public static boolean answers(int port, Duration limit) {
        return answers(InetAddress.getLoopbackAddress().getHostAddress(), port, limit);
    }

    private static boolean answers(String host, int port, Duration limit) {
        if (!accepts(host, port)) {
            return false; // before an admin client is made, which logs every refused connection
        }
        int millis = (int) limit.toMillis();
        Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, host + ":" + port,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis));
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(millis, TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            admin.close(Duration.ZERO); // the close without a limit waits for ever for a broker that is frozen
        }
    }

    public String bootstrapServers() {
        return config.bootstrapServers();
    }

    public BrokerConfig config() {
        return config;
    }

    private static boolean accepts(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_LIMIT_MILLIS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static Path writeSettings(BrokerConfig config) {
        Path file = config.folder().toAbsolutePath().resolve("server.properties");
        try {
            Files.createDirectories(config.folder());
            try (var out = Files.newBufferedWriter(file)) {
                settings(config).store(out, "Written at every start");
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write the broker's settings, " + file + ": " + e.getMessage(), e);
        }
    }

    private static Properties settings(BrokerConfig config) {
        Properties properties = new Properties();
        properties.putAll(BrokerConfig.DEFAULTS);
        properties.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "listeners", "CLIENTS://" + config.bootstrapServers() + ",CONTROLLER://" + config.controller(),
                "advertised.listeners", "CLIENTS://" + config.bootstrapServers(),
                "listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "CLIENTS",
                "controller.listener.names", "CONTROLLER",
                "controller.quorum.bootstrap.servers", config.controller(),
                "log.dirs", config.folder().toAbsolutePath().resolve("data").toString()));
        properties.putAll(config.settings());
        if (config.settings().containsKey(BrokerConfig.VOTERS)) {
            properties.remove("controller.quorum.bootstrap.servers");
        }
        return properties;
    }
}
