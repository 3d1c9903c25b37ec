package dev.annals.query;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AvroNames;
import dev.annals.engine.json.JsonSchemas;
import dev.annals.engine.json.JsonToAvro;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.RegistryEntry;
import dev.annals.engine.viewregistry.ViewCode;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.serde.RegistryAvroSerializer;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.Settings;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Topics of their own on the shared broker, with a hand that writes rows and events, and instances of the service. */
final class Installation implements AutoCloseable {

    static final int PARTITIONS = 4;

    private final KafkaCluster kafka;
    private final String prefix;
    private final KafkaProducer<byte[], byte[]> producer;
    private final RegistryAvroSerializer values = new RegistryAvroSerializer();
    private final List<Instance> instances = new ArrayList<>();
    private boolean projected;

    /** With the first generation of every view live. */
    Installation(KafkaCluster kafka) {
        this(kafka, false);
    }

    /** @param projected whether its projectors have begun: if not, before its first instance starts, they will have */
    private Installation(KafkaCluster kafka, boolean projected) {
        this.kafka = kafka;
        this.projected = projected;
        this.prefix = kafka.uniqueName("query") + ".";
        this.producer = producer("writer");
        values.configure(
                Map.of(
                        "schema.registry.url",
                        kafka.registryUrl(),
                        "value.subject.name.strategy",
                        "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy"),
                false);
    }

    private KafkaProducer<byte[], byte[]> producer(String name) {
        KafkaProducer<byte[], byte[]> made = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "transactional.id",
                        prefix + name,
                        "retry.backoff.ms", // a transaction that begins before the markers of the last are there
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        made.initTransactions();
        return made;
    }

    /** In which no projector has run yet. */
    static Installation withoutViews(KafkaCluster kafka) {
        return new Installation(kafka, true);
    }

    /** Starts one more instance; see {@link Instance#awaitReady}. */
    Instance start(Path stateDir) {
        return start(stateDir, Map.of());
    }

    /** @param more settings of this instance */
    Instance start(Path stateDir, Map<String, String> more) {
        if (!projected) {
            projected = true;
            new TopicProvisioner(QueryConfig.of(settings(Map.of())).service()).provision(Domains.load());
            views().forEach(this::createTopic);
            note(views().stream().map(view -> generation(view, Status.LIVE)).toArray(Generation[]::new));
        }
        Map<String, String> settings = new HashMap<>(more);
        settings.put("annals.state.dir", stateDir.toString());
        Service service = new Service("query-service");
        Instance instance = new Instance(service, QueryService.start(service, settings(settings)));
        instances.add(instance);
        return instance;
    }

    /** The first generations of all views. */
    static List<ViewId> views() {
        return Domains.load().views().stream()
                .map(each -> ViewId.first(each.view()))
                .toList();
    }

    static Generation generation(ViewId view, Status status) {
        return new Generation(view, new ViewCode(1, "a"), status, Map.of(), Instant.now());
    }

    /** As a projector makes it before it folds a generation. */
    void createTopic(ViewId view) {
        new TopicProvisioner(QueryConfig.of(settings(Map.of())).service())
                .ensure(List.of(TopicSpec.view(new Topics(prefix), view)));
    }

    private Settings settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("annals.http.port", "0");
        settings.put("annals.topics.prefix", prefix);
        settings.put("annals.topics.partitions", Integer.toString(PARTITIONS));
        settings.put("annals.topics.replication.factor", "1");
        settings.put("annals.stream.threads", "1");
        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("kafka.schema.registry.url", kafka.registryUrl());
        return Settings.of(settings);
    }

    /** Notes as a projector writes them, all at once. */
    void note(RegistryEntry... notes) {
        producer.beginTransaction();
        for (RegistryEntry note : notes) {
            Future<RecordMetadata> unused = producer.send(note.toRecord(new Topics(prefix))); // see commit
        }
        producer.commitTransaction();
    }

    /** The folder under an instance's state directory in which a table is. */
    Path stores(Path stateDir, ViewId view) {
        return stateDir.resolve("%sannals-query-%s.view.%d".formatted(prefix, view.name(), view.generation()));
    }

    /** Where a record of an aggregate type's events would stand. */
    RecordPlace placeOfEvent(String type, int partition, long offset) {
        return new RecordPlace(new Topics(prefix).events(type), partition, offset);
    }

    /** Commits for a view as its projector does, which must not run. */
    void committed(ViewId view, RecordPlace next) throws Exception {
        kafka.admin()
                .alterConsumerGroupOffsets(
                        prefix + ViewTopology.applicationId(view),
                        Map.of(
                                new TopicPartition(next.topic(), next.partition()),
                                new OffsetAndMetadata(next.offset())))
                .all()
                .get();
    }

    /** A row of {@code accounts} with these fields, the others made up. */
    void account(String id, long version, String balance) {
        row("accounts.view.1", "AccountRow", id, version, Map.of("balance", balance));
    }

    void row(String topic, String schema, String key, long version, Map<String, String> fields) {
        send(topic, key, key.getBytes(StandardCharsets.UTF_8), row(schema, key, version, fields), Map.of());
    }

    /** Entries of the journals of a process, as {@link Journals} has them. */
    void journal(String process, List<TestRecord<byte[], byte[]>> entries) {
        producer.beginTransaction();
        for (TestRecord<byte[], byte[]> entry : entries) {
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>( // a failure fails the commit
                            prefix + process + ".journal",
                            AggregateIds.partition(EventKey.aggregateId(entry.key()), PARTITIONS),
                            entry.key(),
                            entry.value(),
                            entry.headers()));
        }
        producer.commitTransaction();
    }

    /** The first entry of an instance's journal: an input that means nothing today. */
    void exampleEntry(ProcessBinding<?> process, String id) {
        Schema schema = process.journalSchema();
        Schema happened = schema.getField("input").schema().getTypes().getFirst();
        GenericRecord input = new GenericData.Record(happened);
        input.put("type", process.followedTypes().iterator().next());
        input.put("aggregateId", id);
        input.put("version", 1L);
        input.put("time", 0L);
        input.put("events", List.of());
        GenericRecord entry = new GenericData.Record(schema);
        entry.put("input", input);
        entry.put("effects", List.of());
        entry.put("hops", 0);
        send(
                process.name() + ".journal",
                id,
                new EventKey(id, 1).toBytes(),
                entry,
                Map.of(HeaderName.TYPE, schema.getFullName(), HeaderName.TIME, "2011-01-04T10:00:00Z"));
    }

    /** A tombstone of an event. */
    void erase(String type, String id, long version) {
        send(type + ".events", id, new EventKey(id, version).toBytes(), null, Map.of());
    }

    /** The topic in which a type's snapshots are. */
    String snapshots(String type) {
        return prefix + "annals-query-" + type + ".events-snapshots-kept-changelog";
    }

    /** A record as it is. */
    void raw(String topic, String partitionKey, byte[] key, byte[] value) {
        producer.beginTransaction();
        Future<RecordMetadata> unused = producer.send(
                new ProducerRecord<>(topic, AggregateIds.partition(partitionKey, PARTITIONS), key, value));
        producer.commitTransaction();
    }

    void deleteAccount(String id) {
        send("accounts.view.1", id, id.getBytes(StandardCharsets.UTF_8), null, Map.of());
    }

    private static GenericRecord row(String schema, String key, long version, Map<String, String> fields) {
        var avro = SchemaCatalog.load("annals.views." + schema);
        ObjectNode json = JsonSchemas.example(avro).put("id", key).put("version", version);
        fields.forEach(json::put);
        return JsonToAvro.of(avro).read(json);
    }

    /** An event of {@code accounts} as the command service writes it. */
    void event(String id, long version, String type, String time, Map<String, String> fields) {
        event("accounts", id, version, type, time, fields);
    }

    void event(String aggregateType, String id, long version, String type, String time, Map<String, String> fields) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        fields.forEach(json::put);
        var schema = SchemaCatalog.load("annals.%s.%s".formatted(aggregateType, type));
        send(
                aggregateType + ".events",
                id,
                new EventKey(id, version).toBytes(),
                JsonToAvro.of(schema).read(json),
                Map.of(
                        HeaderName.ID,
                        "%s/%s/%d".formatted(aggregateType, id, version),
                        HeaderName.TYPE,
                        schema.getFullName(),
                        HeaderName.TIME,
                        time,
                        HeaderName.SUBJECT,
                        id));
    }

    /** The next events of a stream, in one transaction. */
    void events(String aggregateType, String id, List<NewEvent> events) {
        String topic = prefix + aggregateType + ".events";
        producer.beginTransaction();
        for (NewEvent event : events) {
            var schema = SchemaCatalog.load("annals.%s.%s".formatted(aggregateType, event.type()));
            var record = new ProducerRecord<>(
                    topic,
                    AggregateIds.partition(id, PARTITIONS),
                    new EventKey(id, event.version()).toBytes(),
                    values.serialize(topic, JsonToAvro.of(schema).read(event.data())));
            HeaderName.TYPE.put(record.headers(), schema.getFullName());
            HeaderName.TIME.put(record.headers(), event.time().toString());
            Future<RecordMetadata> unused = producer.send(record); // a failure fails the commit
        }
        producer.commitTransaction();
    }

    /** An event to be written. */
    record NewEvent(long version, Instant time, String type, ObjectNode data) {}

    /** The first event of a stream, with the example that its schema has. */
    void exampleEvent(String type, String event, String id) {
        var schema = SchemaCatalog.load(AvroNames.ofMessage(AggregateType.DEFAULT_NAMESPACE, type, event));
        send(
                type + ".events",
                id,
                new EventKey(id, 1).toBytes(),
                JsonToAvro.of(schema).read(JsonSchemas.example(schema)),
                Map.of(HeaderName.TYPE, schema.getFullName(), HeaderName.TIME, "2011-01-04T10:00:00Z"));
    }

    /** Deposits that follow each other in a stream, in one transaction. */
    void deposits(String id, long from, long to) {
        var schema = SchemaCatalog.load("annals.accounts.MoneyDeposited");
        GenericRecord deposit = JsonToAvro.of(schema).read(JsonSchemas.example(schema));
        String topic = prefix + "accounts.events";
        producer.beginTransaction();
        for (long version = from; version <= to; version++) {
            var record = new ProducerRecord<>(
                    topic,
                    AggregateIds.partition(id, PARTITIONS),
                    new EventKey(id, version).toBytes(),
                    values.serialize(topic, deposit));
            HeaderName.TYPE.put(record.headers(), schema.getFullName());
            Future<RecordMetadata> unused = producer.send(record); // a failure fails the commit
        }
        producer.commitTransaction();
    }

    /** Each record is a transaction: markers then stand at the end of every partition, as in production. */
    private void send(
            String name,
            String partitionKey,
            byte[] key,
            @Nullable GenericRecord value,
            Map<HeaderName, String> headers) {
        String topic = prefix + name;
        byte[] bytes = value == null ? null : values.serialize(topic, value);
        var partition = AggregateIds.partition(partitionKey, PARTITIONS);
        var record = new ProducerRecord<>(topic, partition, key, bytes);
        headers.forEach((header, text) -> header.put(record.headers(), text));
        producer.beginTransaction();
        Future<RecordMetadata> unused = producer.send(record); // a failure fails the commit
        producer.commitTransaction();
    }

    /**
     * What a projector of sums leaves that stops half-way: events all read, changes of parts in a topic of its own not
     * yet.
     */
    void partsOnTheirWay(String view, int parts) throws Exception {
        String group = prefix + "annals-view-%s-1".formatted(view);
        String topic = group + "-parts-repartition";
        kafka.createTopic(topic, 1, Map.of());
        producer.beginTransaction();
        for (int i = 0; i < parts; i++) {
            Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, new byte[1]));
        }
        producer.commitTransaction();
        kafka.admin()
                .alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    /** A row that a projector has written, but whose transaction is not ended yet; to be committed. */
    KafkaProducer<byte[], byte[]> uncommittedRow(
            String topic, String schema, String key, long version, Map<String, String> fields) {
        KafkaProducer<byte[], byte[]> other = producer("other-writer");
        other.beginTransaction();
        Future<RecordMetadata> unused = other.send(new ProducerRecord<>(
                prefix + topic,
                AggregateIds.partition(key, PARTITIONS),
                key.getBytes(StandardCharsets.UTF_8),
                values.serialize(prefix + topic, row(schema, key, version, fields))));
        other.flush();
        return other;
    }

    /** A transaction that is aborted: its records and markers are in the topic and must not be seen. */
    void abortedAccount(String id) {
        producer.beginTransaction();
        Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(
                prefix + "accounts.view.1",
                AggregateIds.partition(id, PARTITIONS),
                id.getBytes(StandardCharsets.UTF_8),
                values.serialize(prefix + "accounts.view.1", row("AccountRow", id, 1, Map.of()))));
        producer.flush();
        producer.abortTransaction();
    }

    /** The topics of this installation. */
    Set<String> topics() throws Exception {
        Set<String> topics = new TreeSet<>(kafka.admin().listTopics().names().get(10, TimeUnit.SECONDS));
        topics.removeIf(topic -> !topic.startsWith(prefix));
        return topics;
    }

    void awaitReady() {
        instances.forEach(instance -> Awaitility.await()
                .atMost(Instance.READY_LIMIT)
                .until(() -> instance.get("/health/ready").status() == 200));
    }

    @Override
    public void close() {
        instances.forEach(Instance::close);
        producer.close();
        values.close();
    }
}
