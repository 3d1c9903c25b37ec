package dev.annals.command;

import dev.annals.command.retention.Retention;
import dev.annals.command.retention.RetentionWorker;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.serde.registry.SchemaRegistryClient;
import dev.annals.service.Domains;
import dev.annals.service.Readiness;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.access.AccessControl;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.PeerClient;
import dev.annals.service.kafka.ClusterWatch;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.RightsCheck;
import dev.annals.service.kafka.ServiceRights;
import dev.annals.service.kafka.TopicProvisioner;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.HostInfo;

/** Takes commands over HTTP and from the command topics, and decides them. */
public final class CommandService {

    private static final String NAME = "command-service";

    private CommandService() {}

    public static void main(String[] args) {
        Service.main(NAME, service -> start(service, Settings.load(args)));
    }

    static HttpServer start(Service service, Settings settings) {
        CommandConfig config = CommandConfig.of(settings);
        ServiceConfig common = config.service();
        AvroSerdes serdes = common.values();
        Domains domains = Domains.load();
        List<AggregateBinding<?, ?, ?>> bindings = domains.aggregates().stream()
                .<AggregateBinding<?, ?, ?>>map(AggregateBinding::of)
                .toList();
        List<Retention> retentions = CommandConfig.retentions(settings, bindings);
        settings.refuseUnknown("annals.query.", "annals.projector.", "annals.process.", "annals.console.");
        ServiceMetrics metrics = service.closeAtEnd(new ServiceMetrics());
        RightsCheck rights = new RightsCheck(ServiceRights.of(common, domains)
                .ofCommandService(retentions.stream()
                        .map(each -> each.type().type().name())
                        .collect(Collectors.toSet())));
        TopicProvisioner topics = new TopicProvisioner(common).withRights(rights);
        TopicProvisioner.Provisioned provisioned = topics.provision(domains);
        Map<String, Integer> partitions = provisioned.types();
        topics.stampByBrokers(domains);
        topics.requireResultsFor(domains, config.deciding().retention());
        Workers workers = new Workers(metrics.registry());
        KafkaWatch kafka = service.closeAtEnd(new KafkaWatch(common, metrics.registry(), workers))
                .start();
        ClusterWatch cluster = service.closeAtEnd(new ClusterWatch(common, domains, true, workers))
                .withRights(rights)
                .start(provisioned.topics());

        SchemaIds ids = new SchemaIds(
                provisioned.schemas(),
                topics::recordSchemas,
                SchemaRegistryClient.shared(serdes.configuration())::schemaById);
        SchemaCheck schemas = new SchemaCheck(bindings, common.topics(), serdes, ids, workers);
        schemas.first();
        PeerClient peers = service.closeAtEnd(PeerClient.of(common));
        LaneHost host = service.closeAtEnd(
                new LaneHost(config, bindings, partitions, topics.lanes(partitions, config.lanes()), peers));
        host.register(metrics.registry());
        CommandCatalog catalog = new CommandCatalog(bindings);
        CommandLookup lookup = new CommandLookup(host::isPending, host::find, host.partitions(), host::peers, peers);
        CommandRoutes routes = new CommandRoutes(
                catalog,
                host,
                service.closeAtEnd(new EventBodies(common.topics(), serdes)),
                schemas,
                lookup,
                config.defaultWait());
        DeadLetterRoutes letters = new DeadLetterRoutes(KafkaAccess.of(common), catalog);
        HttpServer http = service.closeAtEnd(HttpServer.start(
                common,
                metrics,
                Readiness.all(workers, kafka, cluster, schemas, host),
                new CommandOpenApi(catalog)::document,
                AccessControl.of(common.auth(), domains),
                each -> {
                    letters.add(each); // before the routes that take any type
                    routes.add(each);
                    host.add(each);
                },
                routes.core()));
        service.closeAtEnd(host::stopWaiting); // before the server, which else waits for those that wait
        HostInfo advertised = config.advertised().at(http.internalPort()); // other instances must be told the port
        service.closeAtEnd(schemas).start(() -> host.start(advertised));
        for (Retention retention : retentions) {
            service.closeAtEnd(retention(config, retention, serdes, metrics, workers))
                    .start();
        }
        return http;
    }

    private static RetentionWorker retention(
            CommandConfig config, Retention retention, AvroSerdes serdes, ServiceMetrics metrics, Workers workers) {
        ServiceConfig common = config.service();
        RetentionWorker worker = new RetentionWorker(
                retention,
                config.retentionInterval(),
                common.topics(),
                serdes,
                common.kafka(),
                InstantSource.system(),
                workers);
        Tags type = Tags.of("type", retention.type().type().name());
        metrics.registry().more().counter("annals.events.expired", type, worker, RetentionWorker::expired);
        metrics.registry().more().counter("annals.summaries.requested", type, worker, RetentionWorker::requested);
        return worker;
    }
}
