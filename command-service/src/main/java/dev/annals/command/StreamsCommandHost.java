package dev.annals.command;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandTopology;
import dev.annals.engine.deciding.StoredResults;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.rebuilding.Rebuilds;
import dev.annals.lanes.CommandAnswer;
import dev.annals.lanes.CommandMessage;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Workers;
import dev.annals.service.kafka.StreamsApp;
import dev.annals.service.kafka.StreamsDefaults;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.kafka.TopicSpec;
import io.javalin.config.RoutesConfig;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Decides commands in Kafka Streams: one application an aggregate type, so that a domain can be added without touching
 * the others.
 */
final class StreamsCommandHost implements CommandHost {

    /** See {@link TopicSpec#changelogOfCommands}. */
    private static final Map<String, Object> CHANGELOG =
            Map.of(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), TopicSpec.BROKERS_CLOCK);

    private final PendingCommands pending;
    private final TopicCommands bus;
    private final StreamsHost streams;
    private final StoredCommands stored;
    private final Rebuilds rebuilds = new Rebuilds();

    /** Waits until this instance can see replies; what is opened is closed at the service's end. */
    StreamsCommandHost(
            CommandConfig config,
            List<AggregateBinding<?, ?, ?>> bindings,
            Map<String, Integer> partitions,
            Service service,
            ServiceMetrics metrics,
            Workers workers) {
        ServiceConfig common = config.service();
        AvroSerdes serdes = common.values();
        this.pending = new PendingCommands(config.maxInFlight(), InstantSource.system());
        metrics.registry().gauge("annals.commands.in.flight", pending, PendingCommands::size);
        metrics.registry()
                .more()
                .counter("annals.replies.passed.over", Tags.empty(), pending, PendingCommands::passedOver);
        ReplyFollower follower = service.closeAtEnd(
                new ReplyFollower(common.kafka(), common.topics().replies(), pending, serdes, workers));
        int replyTo = follower.start(common.startupTimeout()); // before the first command can ask for a reply
        this.bus = new TopicCommands(service.closeAtEnd(
                new CommandSender(CommandSender.producer(common.kafka()), common.topics(), serdes, pending, replyTo)));
        bindings.forEach(binding -> metrics.registry()
                .gauge(
                        "annals.states.rebuild.events.left",
                        Tags.of("type", binding.type().name()),
                        rebuilds,
                        now -> now.recordsLeft(binding.type().name())));
        this.streams = service.closeAtEnd(new StreamsHost(
                metrics.registry(),
                common.clientMeters(),
                bindings.stream()
                        .map(binding -> app(config, binding, serdes, partitions))
                        .toList()));
        this.stored = new StoredCommands(
                streams,
                service.closeAtEnd(new StoredResults(serdes)),
                partitions,
                common.topics(),
                StreamsDefaults.transactionTimeout(common),
                InstantSource.system());
    }

    private StreamsApp app(
            CommandConfig config,
            AggregateBinding<?, ?, ?> binding,
            AvroSerdes serdes,
            Map<String, Integer> partitions) {
        ServiceConfig common = config.service();
        String id = CommandTopology.application(binding.type().name());
        int count = Objects.requireNonNull(partitions.get(binding.type().name()));
        return StreamsApp.of(
                id,
                () -> CommandTopology.of(binding, common.topics(), count, serdes, config.deciding(), rebuilds),
                PolledRecords.install(StreamsDefaults.of(common, id, CHANGELOG)));
    }

    /** Results that are awaited, so that the server need not wait for those that wait. */
    AutoCloseable waiting() {
        return pending;
    }

    @Override
    public CompletionStage<Optional<CommandAnswer>> send(CommandMessage command, Duration wait) {
        return bus.send(command, wait);
    }

    @Override
    public CompletionStage<CommandAnswer> tryOut(CommandMessage command, Duration wait) {
        return bus.tryOut(command, wait);
    }

    @Override
    public CommandLookup.Known known() {
        return pending;
    }

    @Override
    public CommandLookup.Status find(String commandId) {
        return stored.find(commandId);
    }

    @Override
    public Set<String> partitions() {
        return stored.partitions();
    }

    @Override
    public Collection<HostInfo> peers() {
        return streams.peers();
    }

    @Override
    public void add(RoutesConfig routes) {
        // instances meet in Kafka
    }

    @Override
    public void start(HostInfo advertised) {
        streams.start(advertised);
    }

    @Override
    public List<String> reasonsAgainst() {
        return Stream.concat(streams.reasonsAgainst().stream(), rebuilds.reasonsAgainst().stream())
                .toList();
    }
}
