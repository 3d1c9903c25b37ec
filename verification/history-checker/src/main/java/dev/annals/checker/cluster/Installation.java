package dev.annals.checker.cluster;

import dev.annals.checker.workload.Principal;
import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import dev.annals.operations.acls.Role;
import dev.annals.service.AuthSettings;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.views.ViewRegistry;
import dev.annals.testsupport.kafka.Protection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Command services, process services, projectors and query services, each with a standby, on a broker or three and a
 * registry of their own: on free ports of the loopback, with all data in one folder, unless the {@link Layout} places a
 * process elsewhere.
 *
 * <p>Beside the command services that clients know there is a spare one that is not running at first. Instances are
 * started, killed and paused by one thread at a time; the processes end with this JVM.
 */
public final class Installation implements AutoCloseable {

    /** Of the topics; more than instances, so that each has some. */
    public static final int PARTITIONS = 4;

    private static final Program PROJECTOR = new Program("dev.annals.projector.ProjectorService", List.of(), Map.of());
    private static final Program QUERY_SERVICE = new Program("dev.annals.query.QueryService", List.of(), Map.of());

    /** What a cluster of three must keep, see docs/reference/clusters.md. */
    private static final Map<String, String> REPLICATED = Map.of(
            "offsets.topic.replication.factor", "3",
            "transaction.state.log.replication.factor", "3",
            "transaction.state.log.min.isr", "2",
            "default.replication.factor", "3",
            "min.insync.replicas", "2");

    private static final List<String> ALONE = List.of("-XX:TieredStopAtLevel=1");

    /** Three of them stand beside services and a registry. */
    private static final List<String> SMALL = List.of("-Xms64m", "-Xmx256m", "-XX:TieredStopAtLevel=1");

    /** On a machine that is busy with all of them, and some with a log to recover. */
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path folder;
    private final Layout layout;
    private final @Nullable Protection protection;
    private final @Nullable Principal principal;
    private final List<BrokerProcess> brokers;
    private final RegistryProcess registry;
    private final List<Instance> commandServices;
    private final Instance spare;
    private final List<Instance> processServices;
    private final Map<String, Instance> queries = new LinkedHashMap<>();
    private final Map<String, Instance> projectors = new LinkedHashMap<>();

    /**
     * What an instance runs.
     *
     * @param jvmOptions beside those of every instance
     * @param settings beside those of every instance
     */
    public record Program(String mainClass, List<String> jvmOptions, Map<String, String> settings) {

        public Program {
            jvmOptions = List.copyOf(jvmOptions);
            settings = Map.copyOf(settings);
        }

        /** @param protection settings, in which services ask for tokens; or none */
        Program with(Placement placement, Map<String, String> protection) {
            Map<String, String> all = new HashMap<>(settings);
            all.put(ServiceConfig.HTTP_HOST, placement.host());
            all.put(AuthSettings.MODE, "insecure"); // in a network of its own
            all.putAll(placement.settings());
            all.putAll(protection);
            return new Program(
                    mainClass,
                    Stream.concat(jvmOptions.stream(), placement.jvmOptions().stream())
                            .toList(),
                    all);
        }
    }

    /** Nothing runs yet. */
    private Installation(Path folder, Layout layout) {
        this.folder = folder;
        this.layout = layout;
        this.protection = layout.secured() ? new Protection(folder, Users.all()) : null;
        this.principal = protection == null ? null : Users.principal(protection);
        this.brokers = newBrokers();
        this.registry = RegistryProcess.of(START_LIMIT, registryConfig());
        this.commandServices = instances(Layout.COMMAND_SERVICE, layout.commandServices(), layout.commandProgram());
        this.spare = instance(Layout.SPARE, layout.commandProgram());
        this.processServices = instances(Layout.PROCESS_SERVICE, layout.processServices(), layout.processProgram());
        for (int i = 0; i < layout.projectors(); i++) {
            projectors.put(Layout.PROJECTOR + i, instance(Layout.PROJECTOR + i, PROJECTOR));
        }
        for (int i = 0; i < layout.queryServices(); i++) {
            queries.put(Layout.QUERY_SERVICE + i, instance(Layout.QUERY_SERVICE + i, QUERY_SERVICE));
        }
    }

    private List<BrokerProcess> newBrokers() {
        List<BrokerConfig> configs = new ArrayList<>();
        for (int number = 1; number <= layout.brokers(); number++) {
            configs.add(brokerConfig(Layout.BROKER + number));
        }
        if (layout.brokers() == 1) {
            return List.of(BrokerProcess.of(START_LIMIT, configs.getFirst()));
        }
        String clusterId = Uuid.randomUuid().toString();
        return IntStream.range(0, configs.size())
                .mapToObj(i -> BrokerProcess.of(
                        START_LIMIT,
                        layout.controllers() == 1 && i > 0
                                ? configs.get(i).votedBy(configs.subList(0, 1), clusterId, i + 1)
                                : configs.get(i).voting(configs.subList(0, layout.controllers()), clusterId)))
                .toList();
    }

    private BrokerConfig brokerConfig(String name) {
        Placement placement = layout.placement(name);
        BrokerConfig config = BrokerConfig.in(placement.folder(folder.resolve(name)))
                .at(placement.host(), placement.launcher())
                .withLogFile(folder.resolve(name).resolve("broker.log"))
                .withJvmOptions(layout.brokers() == 1 ? ALONE : SMALL)
                .withJvmOptions(placement.jvmOptions());
        Map<String, String> settings = new HashMap<>(layout.brokers() == 1 ? Map.of() : REPLICATED);
        settings.putAll(layout.brokerSettings());
        settings.putAll(placement.settings());
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            config = config.with(setting.getKey(), setting.getValue());
        }
        return protection == null ? config : protection.broker(config);
    }

    private RegistryConfig registryConfig() {
        Placement placement = layout.placement(Layout.REGISTRY);
        return RegistryConfig.in(placement.folder(folder.resolve(Layout.REGISTRY)))
                .withLogFile(folder.resolve(Layout.REGISTRY).resolve("registry.log"))
                .at(placement.host(), placement.launcher());
    }

    private List<Instance> instances(String name, int count, Program program) {
        return IntStream.range(0, count)
                .mapToObj(i -> instance(name + i, program))
                .toList();
    }

    private Instance instance(String name, Program program) {
        Placement placement = layout.placement(name);
        Map<String, String> connection = new HashMap<>(clientSettings());
        connection.put(
                ServiceConfig.STATE_DIR,
                placement.folder(folder.resolve(name)).resolve("state").toString());
        Map<String, String> more = protection == null ? Map.of() : Users.service(protection, role(name), name);
        return new Instance(folder.resolve(name), connection, program.with(placement, more), placement);
    }

    private static Role role(String name) {
        return name.startsWith(Layout.COMMAND_SERVICE)
                ? Role.COMMAND
                : name.startsWith(Layout.PROCESS_SERVICE)
                        ? Role.PROCESS
                        : name.startsWith(Layout.PROJECTOR) ? Role.PROJECTOR : Role.QUERY;
    }

    private Map<String, String> clientSettings() {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                ServiceConfig.BOOTSTRAP_SERVERS,
                brokers.stream().map(BrokerProcess::bootstrapServers).collect(Collectors.joining(",")));
        settings.put("kafka.schema.registry.url", registry.url());
        if (protection != null) {
            settings.putAll(Users.client(protection));
        }
        return settings;
    }

    /** Starts a command service, projectors and query services, and waits until all are ready. */
    public static Installation start(Path folder, int projectors, int queries) throws TimeoutException {
        return start(folder, Layout.of(1).withReaders(projectors, queries));
    }

    /**
     * Starts what the layout says, all but the spare, and waits until all are ready.
     *
     * @param folder of all data that the layout places nowhere else, and of all logs
     */
    public static Installation start(Path folder, Layout layout) throws TimeoutException {
        Installation installation = new Installation(folder, layout);
        try {
            List<JvmProcess> below = new ArrayList<>(installation.brokers);
            below.add(installation.registry);
            Instance.startProcesses(below);
            if (installation.protection != null) {
                installation.protection.admit(installation.broker().bootstrapServers(), Users.rights());
            }
            Instance.startAll(installation.known());
            Instance.awaitReadyAtFirst(installation.known());
            return installation;
        } catch (RuntimeException | TimeoutException e) {
            installation.close();
            throw e;
        }
    }

    /** All but the spare. */
    private List<Instance> known() {
        List<Instance> known = new ArrayList<>(deciding());
        known.addAll(projectors.values());
        known.addAll(queries.values());
        return known;
    }

    private List<Instance> deciding() {
        List<Instance> deciding = new ArrayList<>(commandServices);
        deciding.addAll(processServices);
        return deciding;
    }

    /** The first, or the only one. */
    public BrokerProcess broker() {
        return brokers.getFirst();
    }

    /** In the order of their numbers, which begin at 1. */
    public List<BrokerProcess> brokers() {
        return brokers;
    }

    public RegistryProcess registry() {
        return registry;
    }

    /** Any process by the name that {@link Layout} gives it. */
    public JvmProcess process(String name) {
        if (name.equals(Layout.REGISTRY)) {
            return registry;
        }
        for (int number = 1; number <= brokers.size(); number++) {
            if (name.equals(Layout.BROKER + number)) {
                return brokers.get(number - 1);
            }
        }
        return service(name).process();
    }

    /** The address of a service by its name. */
    public URI address(String name) {
        return service(name).address();
    }

    /** What a service says of its readiness. */
    public Readiness readiness(String name) {
        return service(name).readiness();
    }

    /** The names of all services that clients know. */
    public List<String> services() {
        return known().stream().map(Instance::name).toList();
    }

    private Instance service(String name) {
        return Stream.concat(known().stream(), Stream.of(spare))
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no process '%s' here".formatted(name)));
    }

    /** Whoever sends or decides commands and may die: the command services that clients know, then process services. */
    public List<JvmProcess> deciders() {
        return deciding().stream().map(Instance::process).toList();
    }

    /** Of the command services that clients know. */
    public List<URI> addresses() {
        return commandServices.stream().map(Instance::address).toList();
    }

    /** A command service more. */
    public JvmProcess spare() {
        return spare.process();
    }

    /** The first command service. */
    public URI commands() {
        return commandServices.getFirst().address();
    }

    public List<URI> queries() {
        return queries.values().stream().map(Instance::address).toList();
    }

    /** By name: whatever answers depend on and may die. */
    public Map<String, JvmProcess> readers() {
        Map<String, JvmProcess> all = new LinkedHashMap<>();
        queries.forEach((name, instance) -> all.put(name, instance.process()));
        projectors.forEach((name, instance) -> all.put(name, instance.process()));
        return all;
    }

    /** Of the data and logs of all processes that are not placed elsewhere. */
    public Path folder() {
        return folder;
    }

    /** Of a client of it that is no service. */
    public ServiceConfig config() {
        return ServiceConfig.of(Settings.of(clientSettings()), 0);
    }

    /** Who clients are; null where nobody is asked for a token. */
    public @Nullable Principal principal() {
        return principal;
    }

    /** The generations of its views, and what changes them; the caller's to start and to close. */
    public ViewRegistry board() {
        return new ViewRegistry(config(), new Workers(new SimpleMeterRegistry()));
    }

    /**
     * Waits until all instances that clients know say that they are ready.
     *
     * @throws TimeoutException if they don't; the message has what they say
     */
    public void awaitReady() throws TimeoutException {
        Instance.awaitReady(known());
    }

    @Override
    public void close() {
        known().forEach(instance -> instance.process().kill());
        spare.process().kill();
        registry.kill();
        brokers.forEach(BrokerProcess::kill);
        if (protection != null) {
            protection.close();
        }
    }
}
