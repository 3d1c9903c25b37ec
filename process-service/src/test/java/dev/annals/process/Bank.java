package dev.annals.process;

import static org.awaitility.Awaitility.await;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountsDomain;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.JvmProcess;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.DecidingConfig;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.reacting.ProcessTopology;
import dev.annals.lanes.CommandEngine;
import dev.annals.lanes.EngineSettings;
import dev.annals.lanes.LaneLayout;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.http.HttpServer;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Accounts whose commands are decided in this process, for services with processes, here or in JVMs of their own. */
final class Bank implements AutoCloseable {

    static final int PARTITIONS = 4;
    static final int MAX_RECORD_BYTES = 2_000;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

    private final KafkaCluster kafka;
    private final Path folder;
    private final Map<String, String> settings;
    private final Domains domains = new Domains(List.of(new Sweeps.Accounts()));
    private final AggregateBinding<AccountCommand, ?, AccountEvent> accounts =
            AggregateBinding.of(new AccountsDomain().aggregate());
    private final CommandEngine deciding = new CommandEngine();
    private final Producer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final Serializer<Object> serializer;
    private final Deserializer<Object> deserializer;

    /** One event, with the id of the command that caused it. */
    record Booked(String account, long version, AccountEvent event, String command, Instant written) {}

    Bank(KafkaCluster kafka, Path folder) {
        this.kafka = kafka;
        this.folder = folder;
        this.settings = new TreeMap<>(Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "kafka.schema.registry.url", kafka.registryUrl(),
                "annals.topics.prefix", kafka.uniqueName("bank") + ".",
                "annals.topics.partitions", Integer.toString(PARTITIONS)));
        ServiceConfig config = config("commands");
        new TopicProvisioner(config).provision(domains);
        EngineSettings engine = new EngineSettings(
                new KafkaClients(config.kafka(), REQUEST_LIMIT),
                topics(),
                config.values(),
                new DecidingConfig(Duration.ofHours(1), 100, MAX_RECORD_BYTES),
                config.stateDir(),
                options -> {},
                Duration.ofMinutes(1),
                0,
                "bank",
                () -> "localhost:1",
                InstantSource.system());
        deciding.with(engine, accounts, new LaneLayout("accounts", PARTITIONS, 2));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.serializer = config.values().newSerializer();
        this.deserializer = config.values().newDeserializer();
    }

    private ServiceConfig config(String name) {
        return ServiceConfig.of(Settings.of(settings(name, 0)), 0);
    }

    private Map<String, String> settings(String name, int port) {
        Map<String, String> own = new TreeMap<>(settings);
        own.put("annals.http.port", Integer.toString(port));
        own.put("annals.state.dir", folder.resolve(name).resolve("state").toString());
        return own;
    }

    /** Has commands decided from now on. */
    Bank decides() {
        deciding.start();
        return this;
    }

    Topics topics() {
        return config("any").topics();
    }

    /** Starts a service here; each name has a state of its own. */
    HttpServer start(Service service, String name) {
        return ProcessService.start(service, ProcessConfig.of(Settings.of(settings(name, 0)), domains), domains);
    }

    /** A service in a JVM of its own, which has not been started. */
    JvmProcess process(String name) {
        return process(name, FreePorts.any());
    }

    JvmProcess process(String name, int port) {
        Path file = folder.resolve(name + ".properties");
        StringBuilder text = new StringBuilder();
        settings(name, port)
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        JvmCommand command = new JvmCommand(
                name,
                JvmCommand.ownClassPath(),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                SweepsMain.class.getName(),
                List.of("--config", file.toString()),
                folder.resolve(name + ".log"));
        return new JvmProcess(command, () -> isReady(port), START_LIMIT, STOP_LIMIT);
    }

    static boolean isReady(int port) {
        try {
            return request(port, "GET", "/health/ready", "").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    static HttpResponse<String> request(int port, String method, String path, String json) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(REQUEST_LIMIT)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    void send(String account, AccountCommand command) {
        GenericRecord avro = accounts.commandToAvro(command);
        var headers = CloudEventHeaders.ofCommand(
                UUID.randomUUID().toString(), avro.getSchema().getFullName(), "/test", Instant.now());
        String topic = topics().commands("accounts");
        sent.add(producer.send(new ProducerRecord<>(
                topic,
                null,
                account.getBytes(StandardCharsets.UTF_8),
                serializer.serialize(topic, headers, avro),
                headers)));
    }

    /** Writes an event as the command service does, of a command that somebody else has decided. */
    void append(String account, long version, AccountEvent event) {
        String topic = topics().events("accounts");
        var headers = new RecordHeaders();
        HeaderName.TIME.put(headers, Instant.now().toString());
        sent.add(producer.send(new ProducerRecord<>(
                topic,
                AggregateIds.partition(account, PARTITIONS),
                new EventKey(account, version).toBytes(),
                serializer.serialize(topic, headers, accounts.toAvro(event)),
                headers)));
    }

    /** Waits until all commands and events are in their topics. */
    void flush() {
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a command was not written: the test can say nothing", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        sent.clear();
    }

    /** All events that are committed. */
    List<Booked> events() {
        List<Booked> events = new ArrayList<>();
        String topic = topics().events("accounts");
        for (ConsumerRecord<byte[], byte[]> record : kafka.records(topic)) {
            EventKey key = EventKey.parse(record.key());
            String command =
                    new String(record.headers().lastHeader("ce_causationid").value(), StandardCharsets.UTF_8);
            for (AccountEvent event :
                    accounts.events((IndexedRecord) deserializer.deserialize(topic, record.value()))) {
                events.add(new Booked(
                        key.aggregateId(), key.version(), event, command, Instant.ofEpochMilli(record.timestamp())));
            }
        }
        return events;
    }

    /** The entries of the journal that are committed, by their keys. */
    Map<String, GenericRecord> journal() {
        Map<String, GenericRecord> entries = new TreeMap<>();
        String topic = topics().journal(Sweeps.NAME);
        for (ConsumerRecord<byte[], byte[]> record : kafka.records(topic)) {
            GenericRecord before = entries.put(new String(record.key(), StandardCharsets.UTF_8), (GenericRecord)
                    deserializer.deserialize(topic, record.value()));
            if (before != null) {
                throw new AssertionError("two entries have one key: " + before);
            }
        }
        return entries;
    }

    /** To the first event and result that there are; the service must not run. */
    void resetOffsets() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            first.put(new TopicPartition(topics().events("accounts"), partition), new OffsetAndMetadata(0));
            first.put(new TopicPartition(topics().results("accounts"), partition), new OffsetAndMetadata(0));
        }
        String group = topics().prefix() + ProcessTopology.applicationId(Sweeps.NAME);
        kafka.admin().alterConsumerGroupOffsets(group, first).all().get();
    }

    /** Deletes what the process has stored, on the disk of a service that does not run and in the changelog. */
    void loseStore(String name) throws IOException, ExecutionException, InterruptedException {
        try (Stream<Path> files = Files.walk(folder.resolve(name))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        String changelog = topics().prefix() + ProcessTopology.applicationId(Sweeps.NAME) + "-instances-changelog";
        kafka.admin().deleteTopics(List.of(changelog)).all().get();
        await().atMost(START_LIMIT)
                .until(() -> !kafka.admin().listTopics().names().get().contains(changelog));
    }

    /** Writes an entry of the journal under the ids of so many other instances, as their first. */
    void copyEntry(String instance, int copies) {
        String topic = topics().journal(Sweeps.NAME);
        byte[] key = new EventKey(instance, 1).toBytes();
        ConsumerRecord<byte[], byte[]> entry = kafka.records(topic).stream()
                .filter(each -> Arrays.equals(each.key(), key))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < copies; i++) {
            String id = "copy-" + i;
            sent.add(producer.send(new ProducerRecord<>(
                    topic,
                    AggregateIds.partition(id, PARTITIONS),
                    new EventKey(id, 1).toBytes(),
                    entry.value(),
                    entry.headers())));
        }
        flush();
    }

    List<ConsumerRecord<byte[], byte[]>> commands() {
        return kafka.records(topics().commands("accounts"));
    }

    @Override
    public void close() {
        deciding.close();
        producer.close();
        serializer.close();
        deserializer.close();
    }
}
