package dev.annals.checker.cluster;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.views.ViewRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Command services, process services, projectors and query services, each with a standby, on a broker and a registry of
 * their own: on free ports of the loopback, with all data in one folder.
 *
 * <p>Beside the command services that clients know there is a spare one that is not running at first. Instances are
 * started, killed and paused by one thread at a time; the processes end with this JVM.
 */
public final class Installation implements AutoCloseable {

    /** Of the topics; more than instances, so that each has some. */
    public static final int PARTITIONS = 4;

    private static final Program COMMAND_SERVICE =
            new Program("dev.annals.command.CommandService", List.of(), Map.of());

    private static final Program PROCESS_SERVICE =
            new Program("dev.annals.process.ProcessService", List.of(), Map.of());

    private final Path folder;
    private final BrokerProcess broker;
    private final RegistryProcess registry;
    private final List<Instance> commandServices = new ArrayList<>();
    private final Instance spare;
    private final List<Instance> processServices = new ArrayList<>();
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
    }

    private Installation(Path folder, int commandCount, Program commandProgram, int projectorCount, int queryCount) {
        this.folder = folder;
        CompletableFuture<RegistryProcess> startingRegistry =
                Instance.async(() -> RegistryProcess.start(RegistryConfig.in(folder.resolve("registry"))));
        this.broker = BrokerProcess.start(
                BrokerConfig.in(folder.resolve("broker")).withJvmOptions(List.of("-XX:TieredStopAtLevel=1")));
        this.registry = startingRegistry.join();
        for (int i = 0; i < commandCount; i++) {
            commandServices.add(instance("command-service-" + i, commandProgram));
        }
        this.spare = instance("command-service-spare", commandProgram);
        Program projector = new Program("dev.annals.projector.ProjectorService", List.of(), Map.of());
        for (int i = 0; i < projectorCount; i++) {
            String name = "projector-" + i;
            projectors.put(name, instance(name, projector));
        }
        Program query = new Program("dev.annals.query.QueryService", List.of(), Map.of());
        for (int i = 0; i < queryCount; i++) {
            String name = "query-service-" + i;
            queries.put(name, instance(name, query));
        }
    }

    private Instance instance(String name, Program program) {
        return new Instance(folder.resolve(name), clientSettings(), program);
    }

    private Map<String, String> clientSettings() {
        return Map.of(
                ServiceConfig.BOOTSTRAP_SERVERS,
                broker.bootstrapServers(),
                "kafka.schema.registry.url",
                registry.url());
    }

    /** Starts a command service, projectors and query services, and waits until all are ready. */
    public static Installation start(Path folder, int projectors, int queries) throws TimeoutException {
        return started(new Installation(folder, 1, COMMAND_SERVICE, projectors, queries));
    }

    /**
     * Starts command services alone, all but the spare, and waits until they are ready.
     *
     * @param program null: the right command service
     */
    public static Installation startCommandServices(Path folder, int count, @Nullable Program program)
            throws TimeoutException {
        return started(new Installation(folder, count, program == null ? COMMAND_SERVICE : program, 0, 0));
    }

    /**
     * Starts command services, all but the spare, and process services, and waits until they are ready.
     *
     * @param program null: the right process service
     */
    public static Installation startWithProcesses(
            Path folder, int commandServices, int processServices, @Nullable Program program) throws TimeoutException {
        Installation installation = new Installation(folder, commandServices, COMMAND_SERVICE, 0, 0);
        for (int i = 0; i < processServices; i++) {
            installation.processServices.add(
                    installation.instance("process-service-" + i, program == null ? PROCESS_SERVICE : program));
        }
        return started(installation);
    }

    private static Installation started(Installation installation) throws TimeoutException {
        try {
            Instance.startAll(installation.known());
            installation.awaitReady();
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

    public JvmProcess broker() {
        return broker;
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

    /** Of a client of it that is no service. */
    public ServiceConfig config() {
        return ServiceConfig.of(Settings.of(clientSettings()), 0);
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
        broker.kill();
    }
}
