package dev.annals.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.DecidingConfig;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.serde.RegistryAvroDeserializer;
import dev.annals.serde.RegistryAvroSerializer;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.rocksdb.RocksDBException;

/** Instances of the command engine for {@link Tills}, on topics of their own. */
final class TillsEngines implements AutoCloseable {

    static final int PARTITIONS = 4;
    static final int LANES = 2;
    static final Duration PUBLISH_EVERY = Duration.ofSeconds(1);
    static final Duration LIMIT = Duration.ofSeconds(40);

    private final KafkaCluster kafka;
    private final Topics topics;
    private final AvroSerdes serdes;
    private final List<CommandEngine> engines = new ArrayList<>();
    private volatile Duration clockAhead = Duration.ZERO;
    private volatile String withoutRoom = "";

    TillsEngines(KafkaCluster kafka) {
        this.kafka = kafka;
        this.topics = new Topics(kafka.uniqueName("lanes") + ".");
        this.serdes = new AvroSerdes(
                RegistryAvroSerializer.class.getName(),
                RegistryAvroDeserializer.class.getName(),
                Map.of(
                        "schema.registry.url",
                        kafka.registryUrl(),
                        "value.subject.name.strategy",
                        "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy"));
    }

    void makeTopics() {
        kafka.createTopic(topics.commands("tills"), PARTITIONS, Map.of("message.timestamp.type", "LogAppendTime"));
        kafka.createTopic( // so that a test can have events gone, as where all were erased
                topics.events("tills"), PARTITIONS, Map.of("cleanup.policy", "compact,delete", "retention.ms", "-1"));
        kafka.createTopic(topics.results("tills"), PARTITIONS, Map.of("message.timestamp.type", "LogAppendTime"));
        kafka.createTopic(topics.states("tills"), PARTITIONS, Map.of("cleanup.policy", "compact"));
        kafka.createTopic(topics.deadLetters("tills"), 1, Map.of());
        kafka.createTopic(topics.views(), 1, Map.of("cleanup.policy", "compact"));
    }

    /** Sets the clock of all engines. */
    void setClockAhead(Duration ahead) {
        clockAhead = ahead;
    }

    /** Fills the disk of a member. */
    void fillDiskOf(String member) {
        withoutRoom = member;
    }

    private void requireRoom(String member) {
        if (member.equals(withoutRoom)) {
            throw new LaneStoreException("the store can't be opened", new RocksDBException("No space left on device"));
        }
    }

    Topics topics() {
        return topics;
    }

    AvroSerdes serdes() {
        return serdes;
    }

    Map<String, Object> settings() {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                PolledPlaces.class.getName());
    }

    KafkaClients clients() {
        return new KafkaClients(settings(), Duration.ofSeconds(10));
    }

    LaneClients laneClients() {
        return new KafkaLaneClients(clients());
    }

    CommandEngine start(String member, Path store, int standbys, LaneClients clients) {
        CommandEngine engine = make(member, store, standbys, clients);
        engine.start();
        return engine;
    }

    CommandEngine make(String member, Path store, int standbys, LaneClients clients) {
        return make(member, store, standbys, clients, Tills.BINDING);
    }

    CommandEngine make(
            String member,
            Path store,
            int standbys,
            LaneClients clients,
            AggregateBinding<Tills.Command, Tills.Till, Tills.Event> domain) {
        return make(member, store, standbys, clients, domain, () -> member + ":8080");
    }

    CommandEngine make(
            String member,
            Path store,
            int standbys,
            LaneClients clients,
            AggregateBinding<Tills.Command, Tills.Till, Tills.Event> domain,
            Supplier<String> address) {
        EngineSettings settings = new EngineSettings(
                clients(),
                topics,
                serdes,
                DecidingConfig.DEFAULT,
                store,
                options -> requireRoom(member),
                PUBLISH_EVERY,
                standbys,
                member,
                address,
                () -> Instant.now().plus(clockAhead));
        CommandEngine engine =
                new CommandEngine().with(settings, domain, new LaneLayout("tills", PARTITIONS, LANES), clients);
        engines.add(engine);
        return engine;
    }

    static void awaitDeciding(CommandEngine engine, int lanes) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(engine.deciding("tills"))
                        .as(() -> String.join(", ", engine.reasonsAgainst()))
                        .isEqualTo(lanes));
    }

    @Override
    public void close() {
        engines.forEach(CommandEngine::close);
    }
}
