package dev.annals.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One broker on one machine.
 *
 * @param folder holds the data ({@code data}), the settings ({@code server.properties}); made when missing
 * @param host the address that it listens on; the loopback unless said otherwise
 * @param port on which clients connect
 * @param controllerPort on which brokers talk to its controller
 * @param settings Kafka's broker settings that differ from {@link #DEFAULTS}
 * @param jvmOptions heap and collector
 * @param logFile the broker's log
 * @param launcher see {@link JvmCommand#launcher}
 */
public record BrokerConfig(
        Path folder,
        String host,
        int port,
        int controllerPort,
        Map<String, String> settings,
        List<String> jvmOptions,
        Path logFile,
        List<String> launcher) {

    /** From start to ready, and so also the time in which a long log must be recovered after a crash. */
    public static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** From SIGTERM to kill. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    /**
     * What a single small broker needs to start fast and to answer fast: no replication, few internal partitions, and
     * no waiting where Kafka waits for the good of large clusters.
     */
    public static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("num.partitions", "1"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // A transaction that begins before the markers of the one before are written waits this long (default 20).
            Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
            // The open transaction of a killed process holds back all readers of its partitions until it is aborted:
            // its
            // timeout (Streams: 10 s), and then until the next of these rounds (default 10,000).
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
            // The cleaner maps 24 bytes a key; the default of 128 MiB does not fit the default heap here.
            Map.entry("log.cleaner.dedupe.buffer.size", "33554432"),
            // After a crash the broker may register again only when its old session has ended (default 9,000).
            Map.entry("broker.session.timeout.ms", "2000"),
            Map.entry("broker.heartbeat.interval.ms", "500"));

    /** Of the cluster that a broker joins; one that has none is a cluster of its own. */
    static final String CLUSTER_ID = "annals.cluster.id";

    /** All controllers of a cluster, where it has several from its beginning. */
    static final String VOTERS = "controller.quorum.voters";

    private static final List<String> JVM_OPTIONS = List.of("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC");

    public BrokerConfig {
        settings = Map.copyOf(settings);
        jvmOptions = List.copyOf(jvmOptions);
        launcher = List.copyOf(launcher);
    }

    /** A broker on free ports with its data below the folder. */
    public static BrokerConfig in(Path folder) {
        return new BrokerConfig(
                folder,
                "127.0.0.1",
                FreePorts.any(),
                FreePorts.any(),
                Map.of(),
                JVM_OPTIONS,
                folder.resolve("broker.log"),
                List.of());
    }

    public BrokerConfig withPort(int newPort) {
        return new BrokerConfig(folder, host, newPort, controllerPort, settings, jvmOptions, logFile, launcher);
    }

    public BrokerConfig withControllerPort(int newPort) {
        return new BrokerConfig(folder, host, port, newPort, settings, jvmOptions, logFile, launcher);
    }

    /** One of Kafka's broker settings; replaces a default. */
    public BrokerConfig with(String setting, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(setting, value);
        return new BrokerConfig(folder, host, port, controllerPort, more, jvmOptions, logFile, launcher);
    }

    /**
     * One more broker of the cluster of another one, whose controller it follows.
     *
     * @param clusterId as that one's brokers say it
     * @param nodeId from 2 on, another one for each
     */
    public BrokerConfig joining(BrokerConfig first, String clusterId, int nodeId) {
        return with(CLUSTER_ID, clusterId)
                .with("node.id", Integer.toString(nodeId))
                .with("process.roles", "broker")
                .with("listeners", "CLIENTS://" + bootstrapServers())
                .with("controller.quorum.bootstrap.servers", first.controller());
    }

    /**
     * One of the controllers of a cluster that has them from its beginning, and a broker too.
     *
     * @param controllers all of them, this one among them, in the order of their numbers from 1 on; they start at the
     *     same time
     * @param clusterId as {@code Uuid.randomUuid()} makes it
     */
    public BrokerConfig voting(List<BrokerConfig> controllers, String clusterId) {
        return of(controllers, clusterId, controllers.indexOf(this) + 1);
    }

    /**
     * A broker that is no controller, of such a cluster.
     *
     * @param nodeId greater than those of the controllers, another one for each
     */
    public BrokerConfig votedBy(List<BrokerConfig> controllers, String clusterId, int nodeId) {
        return of(controllers, clusterId, nodeId)
                .with("process.roles", "broker")
                .with("listeners", "CLIENTS://" + bootstrapServers());
    }

    private BrokerConfig of(List<BrokerConfig> controllers, String clusterId, int nodeId) {
        String voters = IntStream.rangeClosed(1, controllers.size())
                .mapToObj(id -> id + "@" + controllers.get(id - 1).controller())
                .collect(Collectors.joining(","));
        return with(CLUSTER_ID, clusterId)
                .with("node.id", Integer.toString(nodeId))
                .with(VOTERS, voters);
    }

    /** Options after the default ones, and so stronger than them. */
    public BrokerConfig withJvmOptions(List<String> more) {
        List<String> all = Stream.concat(jvmOptions.stream(), more.stream()).toList();
        return new BrokerConfig(folder, host, port, controllerPort, settings, all, logFile, launcher);
    }

    public BrokerConfig withLogFile(Path newLogFile) {
        return new BrokerConfig(folder, host, port, controllerPort, settings, jvmOptions, newLogFile, launcher);
    }

    /**
     * Where it runs and listens.
     *
     * @param newHost an address of the machine, or of the network namespace that the launcher enters
     */
    public BrokerConfig at(String newHost, List<String> newLauncher) {
        return new BrokerConfig(folder, newHost, port, controllerPort, settings, jvmOptions, logFile, newLauncher);
    }

    public String bootstrapServers() {
        return host + ":" + port;
    }

    /** Where brokers reach its controller. */
    public String controller() {
        return host + ":" + controllerPort;
    }
}
