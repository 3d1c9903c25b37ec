package dev.annals.operations.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.service.TopicSettings;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backup and restore on a real broker; the test writes what a command service would. */
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BackupIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final AggregateBinding<?, ?, AccountEvent> ACCOUNTS =
            AggregateBinding.of(new AccountsDomain().aggregate());
    private static final InstalledDomains DOMAINS = new InstalledDomains(List.of(new AccountsDomain()));
    private static final ProgressListener SILENT = (task, done, total) -> {};
    private static final int PARTITIONS = 4;

    /** More than a chunk of a restore. */
    private static final int AGGREGATES = NotedWriter.CHUNK / 2 + 500;

    private final KafkaCluster cluster;
    private final KafkaAccess source;
    private final KafkaAccess target;
    private final Map<String, Integer> written = new HashMap<>();

    @TempDir
    private Path temp;

    private Path folder = Path.of("");

    BackupIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.source = access();
        this.target = access();
    }

    private KafkaAccess access() {
        return new KafkaAccess(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                new Topics(cluster.uniqueName("backup") + "."),
                Map.of("linger.ms", "5"));
    }

    @BeforeEach
    void write_events() {
        folder = temp.resolve("backup");
        cluster.createTopic(events(source), PARTITIONS, Map.of("cleanup.policy", "compact"));
        write(source, 1, 2, AGGREGATES);
    }

    @Test
    void a_restored_topic_holds_the_same_events_in_whatever_number_of_partitions() {
        erase(source, "a-7", 2);
        BackupReport backup = backup(source);
        BackupReport restored = restore(target, 3);

        assertThat(restored).isEqualTo(backup);
        assertThat(only(backup).events()).isEqualTo(2L * AGGREGATES - 1);
        Map<String, List<ConsumerRecord<byte[], byte[]>>> before = byAggregate(source);
        Map<String, List<ConsumerRecord<byte[], byte[]>>> after = byAggregate(target);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((id, records) -> assertSame(id, records, before.getOrDefault(id, List.of())));
    }

    private static void assertSame(
            String id, List<ConsumerRecord<byte[], byte[]>> restored, List<ConsumerRecord<byte[], byte[]>> written) {
        assertThat(restored).hasSameSizeAs(written);
        for (int i = 0; i < written.size(); i++) {
            ConsumerRecord<byte[], byte[]> a = written.get(i);
            ConsumerRecord<byte[], byte[]> b = restored.get(i);
            assertThat(b.partition()).isEqualTo(AggregateIds.partition(id, 3));
            assertThat(b.key()).isEqualTo(a.key());
            assertThat(b.timestamp()).isEqualTo(a.timestamp());
            assertThat(b.headers()).isEqualTo(a.headers());
            assertThat(b.value()).isEqualTo(a.value()); // the registry is the same here
        }
    }

    @Test
    void a_second_backup_takes_only_what_has_come_since() {
        assertThat(only(backup(source)).written()).isEqualTo(2 * AGGREGATES);
        assertThat(only(backup(source)).written()).isZero();
        write(source, 3, 3, 10);
        BackupReport more = backup(source);

        assertThat(only(more).written()).isEqualTo(10);
        assertThat(only(more).records()).isEqualTo(2 * AGGREGATES + 10);
        assertThat(only(restore(target, null)).hash()).isEqualTo(only(more).hash());
    }

    @Test
    void a_restore_that_is_killed_goes_on_where_it_was() {
        BackupReport backup = backup(source);
        cluster.createTopic(events(target), PARTITIONS, Map.of("cleanup.policy", "compact"));
        Restore killed = new Restore(target, TopicSettings.DEFAULTS, DOMAINS, (type, done, total) -> {
            throw new IllegalStateException("killed");
        });
        assertThatThrownBy(() -> killed.run(folder, null)).hasMessage("killed");
        // What is committed can be read when the broker has written the markers, a moment later.
        assertThat(cluster.awaitRecords(events(target), NotedWriter.CHUNK, LIMIT))
                .hasSize(NotedWriter.CHUNK);

        BackupReport restored = restore(target, null);
        assertThat(only(restored).written()).isEqualTo(2 * AGGREGATES - NotedWriter.CHUNK);
        assertThat(only(restored).hash()).isEqualTo(only(backup).hash());
        assertThat(cluster.records(events(target))).hasSize(2 * AGGREGATES);
        assertThat(only(restore(target, null)).written()).isZero();
    }

    @Test
    void an_installation_with_events_is_refused() {
        backup(source);
        cluster.createTopic(events(target), PARTITIONS, Map.of("cleanup.policy", "compact"));
        write(target, 1, 1, 1);

        assertThatThrownBy(() -> restore(target, null))
                .hasMessageContaining(events(target) + " holds 1 records, 0 of them from this backup");
        assertThat(cluster.records(events(target))).hasSize(1);
    }

    @Test
    void a_damaged_backup_is_refused_before_anything_is_written() throws Exception {
        backup(source);
        Path file = folder.resolve(new BackupFolder(folder)
                .manifest()
                .types()
                .getFirst()
                .files()
                .getLast()
                .name());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(() -> restore(target, null)).hasMessageContainingAll(file.toString(), "checksum");
        assertThat(cluster.admin().listTopics().names().get()).doesNotContain(events(target));
    }

    @Test
    void a_folder_with_a_backup_of_another_topic_is_refused() {
        backup(source);
        cluster.createTopic(events(target), PARTITIONS, Map.of("cleanup.policy", "compact"));
        write(target, 1, 1, 1);

        assertThatThrownBy(() -> backup(target)).hasMessageContainingAll("another topic of accounts", "another folder");
    }

    @Test
    void command_services_that_run_are_in_the_way_of_a_restore() {
        backup(source);
        cluster.createTopic(target.topics().commands("accounts"), PARTITIONS, Map.of());
        String group = target.topics().commandGroup("accounts");
        try (Consumer<byte[], byte[]> service = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "group.id", group, "client.id", "a-service"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            service.subscribe(List.of(target.topics().commands("accounts")));
            Awaitility.await().atMost(LIMIT).until(() -> {
                service.poll(Duration.ofMillis(100));
                return !service.assignment().isEmpty();
            });
            assertThatThrownBy(() -> restore(target, null))
                    .isInstanceOf(Restore.ServicesRunException.class)
                    .hasMessageContainingAll("a-service", "stop all of them");
        }
    }

    private static String events(KafkaAccess kafka) {
        return kafka.topics().events("accounts");
    }

    private BackupReport backup(KafkaAccess kafka) {
        return new Backup(kafka, DOMAINS, SILENT).run(folder, List.of("accounts"));
    }

    private BackupReport restore(KafkaAccess kafka, @Nullable Integer partitions) {
        return new Restore(kafka, TopicSettings.DEFAULTS, DOMAINS, SILENT).run(folder, partitions);
    }

    private static BackupReport.OfType only(BackupReport report) {
        assertThat(report.types()).hasSize(1);
        return report.types().getFirst();
    }

    /** Versions of accounts {@code a-0}, {@code a-1}…; all versions of one of them by one command. */
    private void write(KafkaAccess kafka, long from, long to, int aggregates) {
        try (Producer<byte[], byte[]> producer = kafka.newTransactionalProducer(cluster.uniqueName("writer"));
                Serializer<Object> serializer = kafka.serdes().newSerializer()) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < aggregates; i++) {
                for (long version = from; version <= to; version++) {
                    MoneyDeposited event = new MoneyDeposited(BigDecimal.valueOf(i + version), null, null);
                    var unused = producer.send(record(
                            kafka,
                            "a-" + i,
                            version,
                            "command-" + from,
                            serializer.serialize(events(kafka), ACCOUNTS.toAvro(event))));
                }
            }
            producer.commitTransaction();
        }
        awaitVisible(kafka, (int) (to - from + 1) * aggregates);
    }

    /** A commit returns before readers see it. */
    private void awaitVisible(KafkaAccess kafka, int more) {
        int count = written.merge(events(kafka), more, Integer::sum);
        cluster.awaitRecords(events(kafka), count, LIMIT);
    }

    private void erase(KafkaAccess kafka, String id, long version) {
        try (Producer<byte[], byte[]> producer = kafka.newTransactionalProducer(cluster.uniqueName("writer"))) {
            producer.initTransactions();
            producer.beginTransaction();
            var unused = producer.send(record(kafka, id, version, "erase", null));
            producer.commitTransaction();
        }
        awaitVisible(kafka, 1);
    }

    private static ProducerRecord<byte[], byte[]> record(
            KafkaAccess kafka, String id, long version, String command, byte @Nullable [] value) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.CAUSATION_ID.put(headers, command);
        HeaderName.TIME.put(headers, "2011-01-04T10:00:00Z");
        return new ProducerRecord<>(
                events(kafka),
                AggregateIds.partition(id, PARTITIONS),
                1_000_000L + version,
                new EventKey(id, version).toBytes(),
                value,
                headers);
    }

    private Map<String, List<ConsumerRecord<byte[], byte[]>>> byAggregate(KafkaAccess kafka) {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> all = new HashMap<>();
        cluster.records(events(kafka))
                .forEach(record -> all.computeIfAbsent(
                                new String(EventKey.aggregateId(record.key()), UTF_8), id -> new ArrayList<>())
                        .add(record));
        return all;
    }
}
