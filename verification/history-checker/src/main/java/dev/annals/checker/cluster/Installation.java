package dev.annals.checker.cluster;

import dev.annals.embedded.JvmProcess;
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
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A command service, projectors and query services, each with a standby, on a broker and a registry of their own.
 * Instances are killed and started by one thread at a time; the processes end with this JVM.
 */
public final class Installation implements AutoCloseable {

    private final Backbone backbone;
    private final Instance commands;
    private final Map<String, Instance> projectors = new LinkedHashMap<>();
    private final Map<String, Instance> queries = new LinkedHashMap<>();

    private Installation(Path folder, Backbone backbone, int projectorCount, int queryCount) {
        this.backbone = backbone;
        this.commands = instance(folder, "command-service", "dev.annals.command.CommandService");
        for (int i = 0; i < projectorCount; i++) {
            String name = "projector-" + i;
            projectors.put(name, instance(folder, name, "dev.annals.projector.ProjectorService"));
        }
        for (int i = 0; i < queryCount; i++) {
            String name = "query-service-" + i;
            queries.put(name, instance(folder, name, "dev.annals.query.QueryService"));
        }
    }

    private Instance instance(Path folder, String name, String mainClass) {
        return new Instance(folder.resolve(name), backbone.kafka(), new ServiceProgram(mainClass, List.of(), Map.of()));
    }

    /** Starts everything and waits until it is ready. */
    public static Installation start(Path folder, int projectors, int queries) throws TimeoutException {
        Installation installation = new Installation(folder, Backbone.start(folder), projectors, queries);
        try {
            List<Instance> all = installation.instances().toList();
            Instance.startAll(all);
            Instance.awaitReady(all);
            return installation;
        } catch (RuntimeException | TimeoutException e) {
            installation.close();
            throw e;
        }
    }

    private Stream<Instance> instances() {
        return Stream.concat(
                Stream.of(commands), Stream.concat(projectors.values().stream(), queries.values().stream()));
    }

    public URI commands() {
        return commands.address();
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

    /** The generations of its views, and what changes them; the caller's to start and to close. */
    public ViewRegistry board() {
        return new ViewRegistry(
                ServiceConfig.of(
                        Settings.of(Map.of(
                                "kafka.bootstrap.servers", backbone.kafka().bootstrapServers())),
                        0),
                new Workers(new SimpleMeterRegistry()));
    }

    /** See {@link Instance#awaitReady}. */
    public void awaitReady() throws TimeoutException {
        Instance.awaitReady(new ArrayList<>(instances().toList()));
    }

    @Override
    public void close() {
        instances().forEach(instance -> instance.process().kill());
        backbone.close();
    }
}
