package dev.annals.process;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.reacting.ParkedInstances;
import dev.annals.engine.reacting.ProcessTopology;
import dev.annals.engine.rebuilding.Rebuilds;
import dev.annals.service.Domains;
import dev.annals.service.Readiness;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.access.AccessControl;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.Json;
import dev.annals.service.kafka.ClusterWatch;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.RightsCheck;
import dev.annals.service.kafka.ServiceRights;
import dev.annals.service.kafka.StreamsApp;
import dev.annals.service.kafka.StreamsDefaults;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.kafka.TopicProvisioner;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Hosts the processes of all domains, each in a Streams application; see {@link ProcessTopology}. */
public final class ProcessService {

    private static final String NAME = "process-service";
    private static final String[] SETTINGS_OF_OTHERS = {
        "annals.command.", "annals.query.", "annals.projector.", "annals.console."
    };

    private ProcessService() {}

    public static void main(String[] args) {
        Service.main(NAME, service -> {
            Settings settings = Settings.load(args);
            Domains domains = Domains.load();
            ProcessConfig config = ProcessConfig.of(settings, domains);
            settings.refuseUnknown(SETTINGS_OF_OTHERS);
            start(service, config, domains);
        });
    }

    /**
     * Starts the processes and returns; {@code /health/ready} says when they run.
     *
     * @throws dev.annals.service.StartupException if a setting or a topic stands in the way
     */
    static HttpServer start(Service service, ProcessConfig config, Domains domains) {
        ServiceConfig common = config.service();
        ServiceMetrics metrics = service.closeAtEnd(new ServiceMetrics());
        Workers workers = new Workers(metrics.registry());
        KafkaWatch kafka = service.closeAtEnd(new KafkaWatch(common, metrics.registry(), workers))
                .start();
        RightsCheck rights = new RightsCheck(ServiceRights.of(common, domains).ofProcessService());
        TopicProvisioner topics = new TopicProvisioner(common).withRights(rights);
        TopicProvisioner.Provisioned provisioned = topics.provision(domains);
        ClusterWatch cluster = service.closeAtEnd(new ClusterWatch(common, domains, false, workers))
                .withRights(rights)
                .start(provisioned.topics());
        List<HostedProcess> processes = processes(config, domains, topics, provisioned.journals());
        ParkedInstances parked = new ParkedInstances();
        Rebuilds rebuilds = new Rebuilds();
        for (HostedProcess process : processes) {
            String name = process.binding().name();
            Tags tags = Tags.of("process", name);
            metrics.registry().gauge("annals.process.parked", tags, parked, now -> now.count(name));
            metrics.registry()
                    .gauge("annals.process.journal.entries.left", tags, rebuilds, now -> now.recordsLeft(name));
        }
        StreamsHost streams = service.closeAtEnd(new StreamsHost(
                metrics.registry(),
                common.clientMeters(),
                processes.stream()
                        .map(process -> app(config, process, parked, rebuilds))
                        .toList()));
        ProcessRoutes routes = new ProcessRoutes(common, processes, streams, parked);
        HttpServer http = service.closeAtEnd(HttpServer.start(
                common,
                metrics,
                Readiness.all(workers, kafka, cluster, streams, rebuilds::reasonsAgainst),
                () -> Json.resource(ProcessService.class, "openapi.json"), // the same for all domains
                AccessControl.of(common.auth(), domains),
                routes::add));
        streams.start();
        return http;
    }

    private static List<HostedProcess> processes(
            ProcessConfig config, Domains domains, TopicProvisioner topics, Map<String, Integer> partitions) {
        Map<String, Instant> beginnings = topics.beginnings(partitions, config.beginnings(Instant.now()));
        List<AggregateBinding<?, ?, ?>> types = domains.aggregates().stream()
                .<AggregateBinding<?, ?, ?>>map(AggregateBinding::of)
                .toList();
        return domains.processes(types).stream()
                .map(binding -> new HostedProcess(
                        binding,
                        Objects.requireNonNull(partitions.get(binding.name())),
                        Objects.requireNonNull(beginnings.get(binding.name()))))
                .toList();
    }

    private static StreamsApp app(
            ProcessConfig config, HostedProcess process, ParkedInstances parked, Rebuilds rebuilds) {
        ServiceConfig common = config.service();
        return StreamsApp.of(
                process.application(),
                () -> ProcessTopology.of(
                        process.binding(),
                        common.topics(),
                        process.partitions(),
                        process.from(),
                        common.values(),
                        config.reacting(),
                        parked,
                        rebuilds,
                        InstantSource.system()),
                PolledRecords.install(StreamsDefaults.of(common, process.application())));
    }
}
