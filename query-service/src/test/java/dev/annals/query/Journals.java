package dev.annals.query;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.reacting.ParkedInstances;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.reacting.ProcessTopology;
import dev.annals.engine.reacting.ReactingConfig;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuilds;
import dev.annals.query.Parcels.ParcelEvent;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** What the process of {@link Parcels} writes when it is told something: the topology that runs in production. */
final class Journals implements AutoCloseable {

    static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    private static final Topics TOPICS = new Topics("");

    private final AggregateBinding<?, ?, ParcelEvent> parcels;
    private final AvroSerdes serdes;
    private final TopologyTestDriver driver;

    /** Its store begins empty. */
    private static final class NoJournal implements PartitionLog {

        @Override
        public long begin() {
            return 0;
        }

        @Override
        public long end() {
            return 0;
        }

        @Override
        public long firstSince(long time) {
            return 0;
        }

        @Override
        public long newest() {
            return -1;
        }

        @Override
        public void seek(long offset) {
            // There is nowhere to go.
        }

        @Override
        public List<ConsumerRecord<byte[], byte[]>> poll() {
            return List.of();
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }

    Journals(KafkaCluster kafka, Path state) {
        serdes = new AvroSerdes(
                "dev.annals.serde.RegistryAvroSerializer",
                "dev.annals.serde.RegistryAvroDeserializer",
                Map.of(
                        "schema.registry.url",
                        kafka.registryUrl(),
                        "value.subject.name.strategy",
                        "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy"));
        Parcels domain = new Parcels();
        parcels = parcels(domain);
        ProcessBinding<?> process = ProcessBinding.of(domain, List.of(parcels)).getFirst();
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, ProcessTopology.applicationId(process.name()));
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        driver = new TopologyTestDriver(
                ProcessTopology.of(
                        process,
                        TOPICS,
                        1,
                        BEGIN,
                        serdes,
                        ReactingConfig.DEFAULT,
                        new ParkedInstances(),
                        new Rebuilds(),
                        (streams, partition) -> new NoJournal(),
                        InstantSource.fixed(BEGIN)),
                config,
                BEGIN);
    }

    @SuppressWarnings("unchecked") // the domain's own
    private static AggregateBinding<?, ?, ParcelEvent> parcels(Parcels domain) {
        return (AggregateBinding<?, ?, ParcelEvent>) AggregateBinding.of(domain.aggregate());
    }

    void happened(String parcel, long version, ParcelEvent event) {
        try (Serializer<Object> serializer = serdes.newSerializer()) {
            pipe(
                    TOPICS.events("parcels"),
                    new EventKey(parcel, version).toBytes(),
                    serializer.serialize(TOPICS.events("parcels"), parcels.toAvro(event)),
                    Map.of(HeaderName.ID, "parcels/%s/%d".formatted(parcel, version)));
        }
    }

    void answered(String parcel, String commandId) {
        CommandResult result = new CommandResult(
                commandId,
                "Trace",
                "parcels",
                parcel,
                CommandResult.Outcome.ACCEPTED,
                2,
                List.of(),
                null,
                null,
                false,
                BEGIN,
                null);
        try (Serializer<Object> serializer = serdes.newSerializer()) {
            pipe(
                    TOPICS.results("parcels"),
                    parcel.getBytes(StandardCharsets.UTF_8),
                    serializer.serialize(
                            TOPICS.results("parcels"), CommandResult.binding().toAvro(result)),
                    Map.of(HeaderName.CAUSATION_ID, commandId, HeaderName.ID, "parcels.commands-0@5"));
        }
    }

    private void pipe(String topic, byte[] key, byte[] value, Map<HeaderName, String> texts) {
        RecordHeaders headers = new RecordHeaders();
        texts.forEach((header, text) -> header.put(headers, text));
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, headers, BEGIN));
    }

    /** What has been written since it was asked last. */
    List<TestRecord<byte[], byte[]>> written() {
        return driver.createOutputTopic(
                        TOPICS.journal("searches"), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    @Override
    public void close() {
        driver.close();
    }
}
