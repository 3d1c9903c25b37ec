package dev.annals.benchmarks.load;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.HttpProbe;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.kafka.TopicProvisioner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * What is measured: a running installation, or one of our own that ends with the run; and the floor, always our own.
 */
final class Installation implements AutoCloseable {

    private static final Duration SERVICE_START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration MEMBERS_LIMIT = Duration.ofSeconds(30);
    private static final Duration MEMBERS_PAUSE = Duration.ofMillis(200);
    /** Of each service. */
    static final List<String> QUICKSTART_OPTIONS = List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC");

    private static final String SERVICE = "dev.annals.command.CommandService";
    private static final String PROJECTOR = "dev.annals.projector.ProjectorService";
    private static final String QUERY_SERVICE = "dev.annals.query.QueryService";

    private final Path folder;
    private final Topics topics;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Map<String, List<ProcessHandle>> processes = new TreeMap<>();
    private final List<URI> services = new ArrayList<>();
    private final List<JvmProcess> serviceProcesses = new ArrayList<>();
    private String bootstrap = "";
    private String registryUrl = "";

    private Installation(Path folder, Topics topics) {
        this.folder = folder;
        this.topics = topics;
        note("driver", ProcessHandle.current().pid());
    }

    /** One that runs already. */
    static Installation running(Path folder, Topics topics, String bootstrap, String registryUrl, List<URI> services) {
        Installation installation = new Installation(folder, topics);
        installation.bootstrap = bootstrap;
        installation.registryUrl = registryUrl;
        installation.services.addAll(services);
        return installation;
    }

    /**
     * Starts a broker, a registry and command services on free ports.
     *
     * @param settings of the services, over ours
     */
    static Installation start(
            Path folder,
            Topics topics,
            Path registryHome,
            int instances,
            List<String> jvmOptions,
            Map<String, String> settings) {
        Installation installation = new Installation(folder, topics);
        try {
            installation.startBroker();
            installation.startRegistry(registryHome);
            for (int i = 0; i < instances; i++) {
                installation.startCommandService(jvmOptions, settings);
            }
            return installation;
        } catch (RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    private void startBroker() {
        BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(folder.resolve("broker")));
        started.push(broker::kill); // its data goes with the folder
        note("broker", broker.pid());
        bootstrap = broker.bootstrapServers();
    }

    private void startRegistry(Path home) {
        RegistryProcess registry = RegistryProcess.start(RegistryConfig.in(folder.resolve("registry"), home));
        started.push(registry::kill);
        registryUrl = registry.url();
    }

    /** One more command service; ready when this returns. */
    void startCommandService(List<String> jvmOptions, Map<String, String> settings) {
        URI url = URI.create("http://127.0.0.1:" + FreePorts.any());
        serviceProcesses.add(start("service-" + serviceProcesses.size(), SERVICE, url, jvmOptions, settings));
        services.add(url);
    }

    /** One more projector. */
    void startProjector(List<String> jvmOptions, Map<String, String> settings) {
        URI url = URI.create("http://127.0.0.1:" + FreePorts.any());
        JvmProcess unused = start("projector", PROJECTOR, url, jvmOptions, settings);
    }

    /** One more query service, under a name of its own; ready when this returns. */
    URI startQueryService(String name, List<String> jvmOptions, Map<String, String> settings) {
        URI url = URI.create("http://127.0.0.1:" + FreePorts.any());
        JvmProcess unused = start("query-" + name, QUERY_SERVICE, url, jvmOptions, settings);
        return url;
    }

    private JvmProcess start(
            String name, String mainClass, URI url, List<String> jvmOptions, Map<String, String> settings) {
        JvmProcess service = new JvmProcess(
                new JvmCommand(
                        name,
                        JvmCommand.ownClassPath(),
                        jvmOptions,
                        mainClass,
                        List.of(
                                "--config",
                                config(name, url.getPort(), settings).toString()),
                        folder.resolve(name + ".log")),
                () -> HttpProbe.isOk(url + "/health/ready"),
                SERVICE_START_LIMIT,
                STOP_LIMIT);
        service.start();
        started.push(service);
        note("service", service.pid());
        return service;
    }

    private Path config(String name, int port, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.setProperty("annals.http.port", Integer.toString(port));
        properties.setProperty(
                "annals.state.dir", folder.resolve(name + "-state").toString());
        properties.setProperty("annals.topics.prefix", topics.prefix());
        properties.setProperty("kafka.bootstrap.servers", bootstrap);
        properties.setProperty("kafka.schema.registry.url", registryUrl);
        properties.putAll(settings);
        Path file = folder.resolve(name + ".properties");
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }

    /** Starts the floor; it is ready when its first results come. */
    void startFloor(List<String> jvmOptions, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap", bootstrap, "--topics-prefix", topics.prefix()));
        all.addAll(arguments);
        JvmProcess floor = new JvmProcess(
                new JvmCommand(
                                "Floor",
                                JvmCommand.ownClassPath(),
                                jvmOptions,
                                FloorMain.class.getName(),
                                all,
                                folder.resolve("floor.log"))
                        .withJvmOptions(List.of("-Dlogback.configurationFile=" + LoadMain.LOG_CONFIGURATION)),
                () -> true,
                STOP_LIMIT,
                STOP_LIMIT);
        floor.start();
        started.push(floor);
        note("floor", floor.pid());
    }

    /** SIGKILL. */
    void killService(int number) {
        serviceProcesses.get(number).kill();
    }

    /**
     * Waits until so many instances have partitions of the commands.
     *
     * @throws LoadException if they don't within 30 s
     */
    void awaitMembers(String type, int count) {
        String group = topics.prefix() + "annals-command-" + type;
        long deadline = System.nanoTime() + MEMBERS_LIMIT.toNanos();
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            while (membersWithPartitions(admin, group) < count) {
                if (System.nanoTime() - deadline > 0) {
                    throw new LoadException("%d instances should have partitions of %s, and don't after %d s"
                            .formatted(count, type, MEMBERS_LIMIT.toSeconds()));
                }
                Thread.sleep(MEMBERS_PAUSE);
            }
        } catch (ExecutionException e) {
            throw new LoadException("the group " + group + " can't be described: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }

    private static long membersWithPartitions(Admin admin, String group)
            throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .flatMap(description -> description.members().stream())
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count();
    }

    private void note(String name, long pid) {
        ProcessHandle.of(pid)
                .ifPresent(handle -> processes
                        .computeIfAbsent(name, unused -> new ArrayList<>())
                        .add(handle));
    }

    /** Of a client of it that is no service, with all topics of the domains made. */
    ServiceConfig provisioned() {
        ServiceConfig config = ServiceConfig.of(
                Settings.of(Map.of("kafka.bootstrap.servers", bootstrap, "kafka.schema.registry.url", registryUrl)), 0);
        new TopicProvisioner(config).provision(Domains.load());
        return config;
    }

    String bootstrap() {
        return bootstrap;
    }

    String registryUrl() {
        return registryUrl;
    }

    List<URI> services() {
        return services;
    }

    Topics topics() {
        return topics;
    }

    CpuMeter cpuMeter() {
        return new CpuMeter(processes);
    }

    /** Ends what was started, the last first. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                throw new LoadException("a process can't be ended: " + e.getMessage(), e);
            }
        }
    }
}
