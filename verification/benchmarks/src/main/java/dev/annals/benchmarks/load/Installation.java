package dev.annals.benchmarks.load;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.HttpProbe;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.TopicSettings;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What is measured: a running installation, or one of our own that ends with the run; and the floor, always our own.
 */
final class Installation implements AutoCloseable {

    private static final String COMMAND_SERVICE = "dev.annals.command.CommandService";
    static final String PROJECTOR = "dev.annals.projector.ProjectorService";
    static final String QUERY_SERVICE = "dev.annals.query.QueryService";
    static final String PROCESS_SERVICE = "dev.annals.process.ProcessService";

    /** Whatever else is on this JVM's class path. */
    private static final List<String> AS_SERVICES_LOG = List.of("-Dlogback.configurationFile=logback.xml");

    /** Of each service. */
    static final List<String> QUICKSTART_OPTIONS = List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC");

    private static final Duration SERVICE_START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration MEMBERS_LIMIT = Duration.ofSeconds(30);
    private static final Duration MEMBERS_PAUSE = Duration.ofMillis(200);

    /** Of each question to a broker. */
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private final Path folder;
    private final boolean isTemporary;
    private final Topics topics;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Map<String, List<ProcessHandle>> processes = new TreeMap<>();
    private final Map<String, Long> pids = new LinkedHashMap<>();
    private final Map<String, URI> urls = new LinkedHashMap<>();
    private final List<URI> services = new ArrayList<>();
    private final List<JvmProcess> serviceProcesses = new ArrayList<>();
    private @Nullable SecuredService secured;
    private String bootstrap = "";
    private String registryUrl = "";

    /** @param folder for data and logs, kept; null for one that goes with the installation */
    private Installation(@Nullable Path folder, Topics topics) throws IOException {
        this.isTemporary = folder == null;
        this.folder = isTemporary
                ? Files.createTempDirectory("annals-benchmark")
                : Files.createDirectories(folder).toAbsolutePath();
        this.topics = topics;
        note("driver", ProcessHandle.current().pid());
    }

    /** One that runs already; the folder is for the floor's log. */
    static Installation running(
            @Nullable Path folder, Topics topics, String bootstrap, String registryUrl, List<URI> services)
            throws IOException {
        Installation installation = new Installation(folder, topics);
        installation.bootstrap = bootstrap;
        installation.registryUrl = registryUrl;
        installation.services.addAll(services);
        return installation;
    }

    /** Starts a broker and a registry on free ports. */
    static Installation start() throws IOException {
        return start(null, new Topics(""), 0, List.of(), Map.of());
    }

    /**
     * Starts a broker, a registry and command services on free ports.
     *
     * @param folder for data and logs, kept; null for one that goes with the installation
     * @param settings of the services, over ours
     */
    static Installation start(
            @Nullable Path folder, Topics topics, int instances, List<String> jvmOptions, Map<String, String> settings)
            throws IOException {
        return start(new Installation(folder, topics), instances, jvmOptions, settings);
    }

    /** The same, and one command service more with everything on, on the same broker. */
    static Installation startWithSecured(
            @Nullable Path folder, Topics topics, int instances, List<String> jvmOptions, Map<String, String> settings)
            throws IOException {
        Installation installation = new Installation(folder, topics);
        SecuredService secured = new SecuredService(installation.folder, topics);
        installation.secured = secured;
        installation.started.push(secured);
        start(installation, instances, jvmOptions, settings);
        try {
            secured.admit(installation.bootstrap);
            Map<String, String> all = new HashMap<>(settings);
            all.putAll(secured.settings());
            JvmProcess unused =
                    installation.startAt(secured.url(), "secured", "secured", COMMAND_SERVICE, jvmOptions, all);
            return installation;
        } catch (RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    private static Installation start(
            Installation installation, int instances, List<String> jvmOptions, Map<String, String> settings) {
        try {
            installation.startBackbone();
            for (int i = 0; i < instances; i++) {
                installation.startCommandService(jvmOptions, settings);
            }
            return installation;
        } catch (RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    /**
     * Starts one of everything, each service as the quickstart starts it.
     *
     * @param folder for data and logs, kept; null for one that goes with the installation
     */
    static Installation startWhole(@Nullable Path folder) throws IOException {
        Installation installation = start(folder, new Topics(""), 1, QUICKSTART_OPTIONS, Map.of());
        try {
            installation.startReader("projector", PROJECTOR, Map.of());
            installation.startReader("query-service", QUERY_SERVICE, Map.of());
            installation.startReader("process-service", PROCESS_SERVICE, Map.of());
            return installation;
        } catch (RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    private void startBackbone() {
        BrokerConfig plain = BrokerConfig.in(folder.resolve("broker"));
        BrokerProcess broker = BrokerProcess.start(secured == null ? plain : secured.broker(plain));
        started.push(broker::kill); // its data goes with the folder
        note("broker", broker.pid());
        pids.put("broker", broker.pid());
        bootstrap = broker.bootstrapServers();
        RegistryProcess registry = RegistryProcess.start(RegistryConfig.in(folder.resolve("registry")));
        started.push(registry::kill);
        pids.put("registry", registry.pid());
        registryUrl = registry.url();
    }

    /** One more command service; ready when this returns. */
    void startCommandService(List<String> jvmOptions, Map<String, String> settings) {
        URI url = URI.create("http://127.0.0.1:" + FreePorts.any());
        String name = "service-" + serviceProcesses.size();
        serviceProcesses.add(startAt(url, name, "service", COMMAND_SERVICE, jvmOptions, settings));
        services.add(url);
    }

    /** One more projector or query service, under a name of its own; ready when this returns. */
    URI startReader(String name, String mainClass, Map<String, String> settings) {
        URI url = URI.create("http://127.0.0.1:" + FreePorts.any());
        JvmProcess unused = startAt(url, name, "service", mainClass, QUICKSTART_OPTIONS, settings);
        return url;
    }

    private JvmProcess startAt(
            URI url,
            String name,
            String group,
            String mainClass,
            List<String> jvmOptions,
            Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        urls.put(name, url);
        all.putIfAbsent(ServiceConfig.HTTP_PORT, Integer.toString(url.getPort()));
        all.putIfAbsent(ServiceConfig.STATE_DIR, folder.resolve(name + "-state").toString());
        return start(
                new JvmCommand(
                                name,
                                JvmCommand.ownClassPath(),
                                jvmOptions,
                                mainClass,
                                List.of("--config", write(name, connected(all)).toString()),
                                folder.resolve(name + ".log"))
                        .withJvmOptions(AS_SERVICES_LOG),
                group,
                () -> HttpProbe.isOk(url + "/health/ready"),
                SERVICE_START_LIMIT);
    }

    private JvmProcess start(JvmCommand command, String group, BooleanSupplier ready, Duration limit) {
        JvmProcess process = new JvmProcess(command, ready, limit, STOP_LIMIT);
        process.start();
        started.push(process);
        note(group, process.pid());
        pids.put(command.name(), process.pid());
        return process;
    }

    private Path write(String name, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        Path file = folder.resolve(name + ".properties");
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }

    /** These settings, over those that say where everything is. */
    private Map<String, String> connected(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                ServiceConfig.BOOTSTRAP_SERVERS,
                bootstrap,
                "kafka.schema.registry.url",
                registryUrl,
                Topics.PREFIX_KEY,
                topics.prefix()));
        all.putAll(settings);
        return all;
    }

    /** Starts the floor, on topics like the service's; it is ready when its first results come. */
    void startFloor(List<String> jvmOptions) throws ExecutionException, InterruptedException {
        createFloorTopics();
        JvmCommand command = new JvmCommand(
                        "Floor",
                        JvmCommand.ownClassPath(),
                        jvmOptions,
                        FloorMain.class.getName(),
                        List.of("--bootstrap", bootstrap, "--topics-prefix", topics.prefix()),
                        folder.resolve("floor.log"))
                .withJvmOptions(List.of("-Dlogback.configurationFile=" + Measurement.LOG_CONFIGURATION));
        JvmProcess unused = start(command, "floor", () -> true, STOP_LIMIT);
    }

    private void createFloorTopics() throws ExecutionException, InterruptedException {
        String commands = topics.commands(Program.SERVICE.type());
        try (Admin admin = clients().admin()) {
            TopicDescription model = admin.describeTopics(List.of(commands))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next();
            Map<String, String> likeIt = Map.of(
                    TopicSettings.PARTITIONS,
                            Integer.toString(model.partitions().size()),
                    TopicSettings.REPLICATION_FACTOR,
                            Integer.toString(
                                    model.partitions().getFirst().replicas().size()));
            ServiceConfig config = config(likeIt);
            new TopicProvisioner(config)
                    .ensure(TopicSpec.ofAggregate(topics, config.topicSettings(), Program.FLOOR.type()));
        }
    }

    /** SIGKILL. */
    void killService(int number) {
        serviceProcesses.get(number).kill();
    }

    /** One that was killed, on the same data and port; ready when this returns. */
    void startServiceAgain(int number) {
        serviceProcesses.get(number).start();
    }

    /**
     * Waits until so many instances have partitions of the commands.
     *
     * @throws LoadException if they don't within 30 s
     */
    void awaitMembers(String type, int count) throws Exception {
        String group = topics.commandGroup(type);
        try (Admin admin = clients().admin()) {
            Measurement.await(
                    "%d instances to have partitions of %s".formatted(count, type),
                    MEMBERS_LIMIT,
                    MEMBERS_PAUSE,
                    () -> membersWithPartitions(admin, group) >= count);
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

    /** Makes all topics of the domains, for who writes to them before any service has run. */
    void provision() {
        new TopicProvisioner(config()).provision(Domains.load());
    }

    /** Of a client of it that is no service. */
    ServiceConfig config() {
        return config(Map.of());
    }

    private ServiceConfig config(Map<String, String> settings) {
        Map<String, String> all = connected(settings);
        all.put(ServiceConfig.LOG_LEVEL, "WARN"); // the screen belongs to the figures
        return ServiceConfig.of(Settings.of(all), 0);
    }

    KafkaClients clients() {
        return new KafkaClients(Map.of("bootstrap.servers", bootstrap), ANSWER_LIMIT);
    }

    /** Of all that was started, by name, in the order of their start. */
    Map<String, Long> pids() {
        return Collections.unmodifiableMap(pids);
    }

    /** The command service with everything on; null where there is none. */
    @Nullable
    SecuredService secured() {
        return secured;
    }

    /** Of a service that was started under this name. */
    URI url(String name) {
        return Objects.requireNonNull(urls.get(name), name);
    }

    /** Null for a broker or a registry. */
    @Nullable
    URI findUrl(String name) {
        return urls.get(name);
    }

    Path folder() {
        return folder;
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
        try {
            while (!started.isEmpty()) {
                started.pop().close();
            }
            if (isTemporary) {
                Utils.delete(folder.toFile());
            }
        } catch (Exception e) {
            throw new LoadException("the installation can't be ended: " + e.getMessage(), e);
        }
    }
}
