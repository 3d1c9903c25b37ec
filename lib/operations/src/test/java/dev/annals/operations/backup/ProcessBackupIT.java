package dev.annals.operations.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.verify.Closings;
import dev.annals.operations.verify.TypeCheck;
import dev.annals.service.TopicSettings;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Journals of a process in backup and restore, on a real broker; the test writes what the services would. */
@Tag("long")
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProcessBackupIT {

    private static final AggregateBinding<?, ?, AccountEvent> ACCOUNTS =
            AggregateBinding.of(new AccountsDomain().aggregate());
    private static final ProgressListener SILENT = (task, done, total) -> {};
    private static final int PARTITIONS = 4;
    private static final String PROCESS = "closings";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Brokers have times in milliseconds. */
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final Instant began = now.minus(Duration.ofDays(30));

    private final KafkaCluster cluster;
    private final KafkaAccess source;
    private final KafkaAccess target;

    @TempDir
    private Path temp;

    private Path folder = Path.of("");

    ProcessBackupIT(KafkaCluster cluster) {
        this.cluster = cluster;
        this.source = access();
        this.target = access();
    }

    private KafkaAccess access() {
        return new KafkaAccess(
                cluster.bootstrapServers(),
                cluster.registryUrl(),
                new Topics(cluster.uniqueName("processes") + "."),
                Map.of("linger.ms", "5"));
    }

    /** Of a: a command that took effect. Of b: one that did not. c has its answer, d ended and waited for none. */
    @BeforeEach
    void write_events_and_journals() throws ExecutionException, InterruptedException {
        folder = temp.resolve("backup");
        cluster.createTopic(events(source), PARTITIONS, Map.of("cleanup.policy", "compact"));
        cluster.createTopic(journal(source), PARTITIONS, Map.of("cleanup.policy", "compact"));
        cluster.createTopic(source.topics().commands("accounts"), PARTITIONS, Map.of());
        cluster.createTopic(source.topics().catalog(), 1, Map.of());
        source.catalog().writeRestored(Map.of(PROCESS, PARTITIONS), Map.of(PROCESS, began));
        event("x", 1, "others", now.minus(Duration.ofDays(2)));
        event("x", 2, "closings/a/1", now.minus(Duration.ofDays(1)));
        event("x", 3, "closings/a/1", now.minus(Duration.ofDays(1)));
        entry("a", 1, Closings.entry(Closings.due(), Closings.closes(1)), now);
        entry("b", 1, Closings.entry(Closings.due(), Closings.closes(1)), now);
        entry("c", 1, Closings.entry(Closings.due(), Closings.closes(1)), now);
        entry("c", 2, Closings.entry(Closings.answered(1)), now);
        entry("d", 1, Closings.entry(Closings.due(), Closings.closes(1), Closings.end()), now);
        tell(true);
    }

    @Test
    void a_restored_process_has_its_journals_and_its_commands_come_to_an_end() throws Exception {
        BackupReport backup = backup();
        BackupReport restored = restore();

        assertThat(only(restored).journals()).isEqualTo(only(backup).journals());
        assertThat(only(restored).journals().events()).isEqualTo(5);
        assertThat(values(target)).isEqualTo(values(source));
        assertThat(only(restored).answered()).isEqualTo(1);
        assertThat(only(restored).sentAgain()).isEqualTo(1);
        ConsumerRecord<byte[], byte[]> answer =
                only(cluster.records(target.topics().results("accounts")));
        assertThat(HeaderName.CAUSATION_ID.in(answer.headers())).isEqualTo("closings/a/1");
        assertThat(RecordPlace.parse(HeaderName.ID.in(answer.headers())).offset())
                .isZero();
        CommandResult result = new ResultReader(target.serdes().newDeserializer())
                .read(answer.topic(), answer.headers(), answer.value());
        assertThat(result.outcome()).isEqualTo(CommandResult.Outcome.ACCEPTED);
        assertThat(result.version()).isEqualTo(3);
        assertThat(result.events()).hasSize(2);
        ConsumerRecord<byte[], byte[]> again =
                only(cluster.records(target.topics().commands("accounts")));
        assertThat(HeaderName.ID.in(again.headers())).isEqualTo("closings/b/1");
        assertThat(HeaderName.TYPE.in(again.headers())).isEqualTo("annals.accounts.CloseAccount");
        assertThat(new String(again.key(), UTF_8)).isEqualTo("x");

        assertThat(only(restore()).journals().written()).as("a second time").isZero();
        assertThat(cluster.records(target.topics().results("accounts"))).hasSize(1);
        assertThat(cluster.records(target.topics().commands("accounts"))).hasSize(1);
    }

    @Test
    void a_restored_process_is_told_of_what_its_journals_may_not_know() throws Exception {
        String from = only(backup()).from();
        assertThat(Instant.parse(from))
                .isBetween(now.minus(Duration.ofMinutes(5)), Instant.now().minus(Duration.ofMinutes(5)));
        restore();
        assertThat(target.catalog().read().beginnings()).containsEntry(PROCESS, Instant.parse(from));

        entry("e", 1, Closings.parked(Closings.happened("x", 1), "a bug"), now.minus(Duration.ofDays(3)));
        assertThat(only(backup()).from())
                .as("also what waits for one that is parked")
                .isEqualTo(now.minus(Duration.ofDays(3)).toString());
        entry("e", 2, Closings.entry(Closings.happened("x", 1)), now);
        tell(false);
        assertThat(only(backup()).from())
                .as("also what it has not come to")
                .isEqualTo(now.minus(Duration.ofDays(2))
                        .minus(Duration.ofMinutes(5))
                        .toString());
    }

    @Test
    void a_command_that_waits_to_be_decided_is_sent_again_also_where_nobody_waits_for_its_answer() throws Exception {
        write(
                source.topics().commands("accounts"),
                "x".getBytes(UTF_8),
                new byte[0],
                now,
                HeaderName.ID,
                "closings/d/1");
        backup();
        restore();

        assertThat(cluster.records(target.topics().commands("accounts")))
                .extracting(each -> HeaderName.ID.in(each.headers()))
                .containsExactlyInAnyOrder("closings/b/1", "closings/d/1");
    }

    @Test
    void what_journals_know_beyond_the_events_is_not_restored() throws Exception {
        entry("b", 2, Closings.entry(Closings.answered(1)), now);
        entry("b", 3, Closings.entry(Closings.due(), Closings.closes(2)), now);
        entry("f", 1, Closings.entry(Closings.happened("x", 3), Closings.closes(1)), now);
        backup();
        JournalCut cut = new JournalCut(
                        source,
                        Closings.BINDING,
                        new JournalCut.Beyond(Set.of("accounts/" + new EventKey("x", 3)), Set.of("closings/b/1")))
                .run(ends(journal(source)));
        assertThat(cut.leftOut()).isEqualTo(new TreeMap<>(Map.of("b", 2L, "f", 1L)));

        BackupFolder files = new BackupFolder(folder);
        Manifest.BackedUpProcess whole = Objects.requireNonNull(files.manifest().process(PROCESS));
        Manifest.BackedUpProcess less = new Manifest.BackedUpProcess(
                whole.journals(), whole.from(), whole.settled(), whole.undecided(), cut.leftOut());
        var report = new TypeCheck(source).run(Closings.BINDING, 1, null, less::isLeftOut);
        files.manifest()
                .with(less.with(whole.journals().complete(whole.journals().next(), report.events(), report.hash())))
                .write(folder);
        restore();
        assertThat(values(target).keySet())
                .extracting(key -> EventKey.parse(key).toString().replaceAll("/0+", "/"))
                .containsExactlyInAnyOrder("a/1", "b/1", "c/1", "c/2", "d/1");
        assertThat(cluster.records(target.topics().commands("accounts")))
                .extracting(each -> HeaderName.ID.in(each.headers()))
                .containsExactly("closings/b/1");
    }

    @Test
    void an_effect_without_its_cause_is_no_backup() {
        JournalCut cut = new JournalCut(
                source, Closings.BINDING, new JournalCut.Beyond(Set.of("accounts/" + new EventKey("y", 1)), Set.of()));
        entry("a", 2, Closings.entry(Closings.happened("y", 1), Closings.closes(2)), now);
        event("x", 4, "closings/a/2", now);
        cut.run(ends(journal(source)));

        assertThatThrownBy(() -> cut.requireConsistent(ends(events(source))))
                .hasMessageContaining("run the same command again");
    }

    private Map<TopicPartition, Long> ends(String topic) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ends.put(new TopicPartition(topic, partition), (long) count(topic, partition));
        }
        return ends;
    }

    private int count(String topic, int partition) {
        return (int) cluster.records(topic).stream()
                .filter(each -> each.partition() == partition)
                .count();
    }

    @Test
    void journals_are_not_left_behind_by_events_that_are_backed_up_again() {
        backup();
        InstalledDomains without = new InstalledDomains(List.of(new AccountsDomain()));

        assertThatThrownBy(() -> new Backup(source, without, SILENT).run(folder, List.of()))
                .hasMessageContaining("holds the journals of closings, and there is no such process here");
        assertThatThrownBy(() -> new Restore(target, TopicSettings.DEFAULTS, without, SILENT).run(folder, null))
                .hasMessageContaining("there is no process closings");
    }

    @Test
    void process_services_that_run_are_in_the_way_of_a_restore() {
        backup();
        cluster.createTopic(target.topics().commands("accounts"), PARTITIONS, Map.of());
        String group = target.topics().prefix() + "annals-process-closings";
        try (Consumer<byte[], byte[]> service = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "group.id", group, "client.id", "a-service"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            service.subscribe(List.of(target.topics().commands("accounts")));
            Awaitility.await().atMost(LIMIT).until(() -> {
                service.poll(Duration.ofMillis(100));
                return !service.assignment().isEmpty();
            });
            assertThatThrownBy(this::restore)
                    .isInstanceOf(Restore.ServicesRunException.class)
                    .hasMessageContainingAll("closings", "a-service");
        }
    }

    private static String events(KafkaAccess kafka) {
        return kafka.topics().events("accounts");
    }

    private static String journal(KafkaAccess kafka) {
        return kafka.topics().journal(PROCESS);
    }

    private BackupReport backup() {
        return new Backup(source, Closings.DOMAINS, SILENT).run(folder, List.of());
    }

    private BackupReport restore() {
        return new Restore(target, TopicSettings.DEFAULTS, Closings.DOMAINS, SILENT).run(folder, 3);
    }

    private static BackupReport.OfProcess only(BackupReport report) {
        return only(report.processes());
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }

    private Map<String, List<Byte>> values(KafkaAccess kafka) {
        Map<String, List<Byte>> values = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : cluster.records(journal(kafka))) {
            List<Byte> bytes = new ArrayList<>();
            for (byte each : record.value()) {
                bytes.add(each);
            }
            values.put(new String(record.key(), UTF_8), bytes);
        }
        return values;
    }

    private void event(String account, long version, String cause, Instant time) {
        try (Serializer<Object> serializer = source.serdes().newSerializer()) {
            AccountEvent event = new MoneyDeposited(BigDecimal.ONE, null, null);
            write(
                    events(source),
                    new EventKey(account, version).toBytes(),
                    serializer.serialize(events(source), ACCOUNTS.toAvro(event)),
                    time,
                    HeaderName.CAUSATION_ID,
                    cause);
        }
    }

    private void entry(String instance, long number, GenericRecord entry, Instant time) {
        try (Serializer<Object> serializer = source.serdes().newSerializer()) {
            write(
                    journal(source),
                    new EventKey(instance, number).toBytes(),
                    serializer.serialize(journal(source), entry),
                    time,
                    null,
                    "");
        }
    }

    private void write(
            String topic, byte[] key, byte[] value, Instant time, @Nullable HeaderName header, String headerValue) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.TIME.put(headers, time.toString());
        if (header != null) {
            header.put(headers, headerValue);
        }
        String id = new String(key, UTF_8).split("/", 2)[0];
        try (Producer<byte[], byte[]> producer = source.newProducer()) {
            producer.send(new ProducerRecord<>(
                            topic, AggregateIds.partition(id, PARTITIONS), time.toEpochMilli(), key, value, headers))
                    .get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** As a process service that has come to its end, or has taken nothing. */
    private void tell(boolean all) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> taken = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            taken.put(
                    new TopicPartition(events(source), partition),
                    new OffsetAndMetadata(all ? count(events(source), partition) : 0));
        }
        cluster.admin()
                .alterConsumerGroupOffsets(source.topics().prefix() + "annals-process-closings", taken)
                .all()
                .get();
    }
}
