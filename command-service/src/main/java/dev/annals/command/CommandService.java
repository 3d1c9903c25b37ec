package dev.annals.command;

import dev.annals.command.retention.Retention;
import dev.annals.command.retention.RetentionWorker;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandTopology;
import dev.annals.engine.deciding.StoredResults;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.rebuilding.Rebuilds;
import dev.annals.serde.registry.SchemaRegistryClient;
import dev.annals.service.Domains;
import dev.annals.service.Readiness;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.Workers;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.PeerClient;
import dev.annals.service.kafka.ClusterWatch;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.RightsCheck;
import dev.annals.service.kafka.ServiceRights;
import dev.annals.service.kafka.StreamsApp;
import dev.annals.service.kafka.StreamsDefaults;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Takes commands over HTTP and from the command topics, and decides them: one Kafka Streams application an aggregate
 * type, so that a domain can be added without touching the others.
 */
public final class CommandService {

    /** See {@link TopicSpec#changelogOfCommands}. */
    private static final Map<String, Object> CHANGELOG =
            Map.of(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), TopicSpec.BROKERS_CLOCK);

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
        settings.refuseUnknown("annals.query.", "annals.projector.", "annals.process.");
        ServiceMetrics metrics = service.closeAtEnd(new ServiceMetrics());
        RightsCheck rights = new RightsCheck(ServiceRights.of(common, domains)
                .ofCommandService(retentions.stream()
                        .map(each -> each.type().type().name())
                        .collect(Collectors.toSet())));
        TopicProvisioner topics = new TopicProvisioner(common).withRights(rights);
        TopicProvisioner.Provisioned provisioned = topics.provision(domains);
        Map<String, Integer> partitions = provisioned.types();
        topics.stampCommands(domains);
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
        PendingCommands pending = new PendingCommands(config.maxInFlight(), InstantSource.system());
        metrics.registry().gauge("annals.commands.in.flight", pending, PendingCommands::size);
        metrics.registry()
                .more()
                .counter("annals.replies.passed.over", Tags.empty(), pending, PendingCommands::passedOver);
        ReplyFollower follower = service.closeAtEnd(
                new ReplyFollower(common.kafka(), common.topics().replies(), pending, serdes, workers));
        int replyTo = follower.start(common.startupTimeout()); // before the first command can ask for a reply
        CommandSender sender = service.closeAtEnd(
                new CommandSender(CommandSender.producer(common.kafka()), common.topics(), serdes, pending, replyTo));
        Rebuilds rebuilds = new Rebuilds();
        domains.aggregates()
                .forEach(type -> metrics.registry()
                        .gauge(
                                "annals.states.rebuild.events.left",
                                Tags.of("type", type.name()),
                                rebuilds,
                                now -> now.recordsLeft(type.name())));
        StreamsHost streams = service.closeAtEnd(new StreamsHost(
                metrics.registry(),
                common.clientMeters(),
                bindings.stream()
                        .map(binding -> app(config, binding, serdes, partitions, rebuilds))
                        .toList()));
        PeerClient peers = service.closeAtEnd(new PeerClient());
        CommandCatalog catalog = new CommandCatalog(bindings);
        StoredResults results = service.closeAtEnd(new StoredResults(serdes));
        StoredCommands stored = new StoredCommands(
                streams,
                results,
                partitions,
                common.topics(),
                StreamsDefaults.transactionTimeout(common),
                InstantSource.system());
        CommandLookup lookup = new CommandLookup(pending, stored::find, stored.partitions(), streams::peers, peers);
        CommandRoutes routes = new CommandRoutes(catalog, sender, schemas, lookup, config.defaultWait());
        HttpServer http = service.closeAtEnd(HttpServer.start(
                common,
                metrics,
                Readiness.all(workers, kafka, cluster, schemas, streams, rebuilds::reasonsAgainst),
                new CommandOpenApi(catalog)::document,
                routes::add));
        service.closeAtEnd(pending); // before the server, which else waits for those that wait
        HostInfo advertised = config.advertised().at(http.port()); // other instances must be told the port
        service.closeAtEnd(schemas).start(() -> streams.start(advertised));
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

    private static StreamsApp app(
            CommandConfig config,
            AggregateBinding<?, ?, ?> binding,
            AvroSerdes serdes,
            Map<String, Integer> partitions,
            Rebuilds rebuilds) {
        ServiceConfig common = config.service();
        String id = CommandTopology.application(binding.type().name());
        int count = Objects.requireNonNull(partitions.get(binding.type().name()));
        return StreamsApp.of(
                id,
                () -> CommandTopology.of(binding, common.topics(), count, serdes, config.deciding(), rebuilds),
                PolledRecords.install(StreamsDefaults.of(common, id, CHANGELOG)));
    }
}
