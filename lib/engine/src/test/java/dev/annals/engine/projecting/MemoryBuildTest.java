package dev.annals.engine.projecting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.MissingEvents;
import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.Deals.DealClosed;
import dev.annals.engine.projecting.Deals.DealHandedOver;
import dev.annals.engine.projecting.Deals.DealNoted;
import dev.annals.engine.projecting.Deals.DealOpened;
import dev.annals.engine.projecting.Deals.DealSummedUp;
import dev.annals.engine.projecting.MemoryBuild.TooLargeException;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A build in memory comes to what the Streams application comes to, which goes on from it. */
class MemoryBuildTest {

    private static final Topics TOPICS = new Topics("");
    private static final AvroSerdes SERDES = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of(
                    "schema.registry.url", "mock://memory-build",
                    "value.subject.name.strategy", "TopicRecordNameStrategy"));

    private static final List<AggregateBinding<?, ?, ?>> TYPES = List.of(Deals.BINDING, Owners.BINDING);
    private static final String DEALS = TOPICS.events("deals");
    private static final String OWNERS = TOPICS.events("owners");
    private static final long MUCH = 1L << 30;
    private static final int HISTORIES = 12;
    private static final int EVENTS = 60;

    @TempDir
    private Path stateDir;

    static Stream<View<?, ?>> views() {
        return Stream.of(
                new Deals.ByOwner(),
                new Deals.ByOwner(MissingEvents.SKIP),
                new Deals.ByTime(),
                new Deals.Holdings(),
                new Deals.Holdings(MissingEvents.SKIP),
                new Owners.NamedHoldings());
    }

    @ParameterizedTest
    @MethodSource("views")
    void holds_and_writes_what_the_application_would(View<?, ?> view) {
        for (int seed = 0; seed < HISTORIES; seed++) {
            List<ConsumerRecord<byte[], byte[]>> history = history(view, new Random(seed));
            Result built = built(view, history);
            try (TopologyTestDriver driver = driver(view)) {
                Map<String, String> rows = new TreeMap<>();
                history.forEach(event -> pipe(driver, event));
                lastRows(driver, view, rows);

                assertThat(built.rows).as("seed %d", seed).isEqualTo(rows);
                assertThat(built.values()).as("seed %d", seed).isEqualTo(stored(driver, built.stores.keySet()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("views")
    void is_where_the_application_goes_on(View<?, ?> view) {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            List<ConsumerRecord<byte[], byte[]>> history = history(view, random);
            int half = history.size() / 2;
            List<ConsumerRecord<byte[], byte[]>> old = history.subList(0, half);
            Result built = built(view, old);
            try (TopologyTestDriver driver = driver(view);
                    TopologyTestDriver whole = driver(view)) {
                Map<String, String> rows = new TreeMap<>(built.rows);
                built.stores.forEach((store, entries) -> {
                    KeyValueStore<byte[], byte[]> restored = driver.getKeyValueStore(store);
                    entries.forEach((key, slot) -> restored.put(key.getBytes(StandardCharsets.UTF_8), slot));
                });
                history.subList(half, history.size()).forEach(event -> pipe(driver, event));
                lastRows(driver, view, rows);

                Map<String, String> expected = new TreeMap<>();
                history.forEach(event -> pipe(whole, event));
                lastRows(whole, view, expected);
                assertThat(rows).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void says_of_the_last_record_of_a_partition_that_it_is_still_to_be_read() {
        Result built = built(
                new Deals.ByOwner(),
                List.of(
                        event(DEALS, 5, "1", 1, new DealOpened("ann", 10)),
                        event(DEALS, 9, "2", 1, new DealOpened("ann", 10))));

        assertThat(offset(built.slot("aggregates", "1"))).isEqualTo(5);
        assertThat(offset(built.slot("aggregates", "2"))).isEqualTo(8);
    }

    @Test
    void says_of_groups_that_none_of_their_changes_was_read_from_a_topic() {
        Result built = built(new Deals.Holdings(), List.of(event(DEALS, 5, "1", 1, new DealOpened("ann", 10))));

        assertThat(offset(built.slot("groups", "ann"))).isEqualTo(StoredValue.NONE);
        assertThat(built.partitions).containsExactlyInAnyOrder(Optional.of(0), Optional.empty());
    }

    @Test
    void stops_where_the_application_would_stop() {
        ConsumerRecord<byte[], byte[]> second = event(DEALS, 0, "1", 2, new DealNoted());

        assertThatThrownBy(() -> built(new Deals.Holdings(), List.of(second)))
                .isInstanceOf(ViewFailedException.class)
                .hasMessageContainingAll("deals.events-0@0", "events 1 to 1 of deals/1 are missing");
    }

    @Test
    void gives_up_before_it_takes_more_memory_than_it_may() {
        try (MemoryBuild build = build(new Deals.ByOwner(), 10_000);
                MemoryBuild.Partition partition = build.partition(DEALS, 0)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            partition.take(event(DEALS, i, "deal-" + i, 1, new DealOpened("ann", 10)));
                        }
                    })
                    .isInstanceOf(TooLargeException.class)
                    .hasMessageContaining("10,000");
        }
    }

    @Test
    void holds_the_aggregates_of_one_partition_at_a_time() {
        try (MemoryBuild build = build(new Deals.Holdings(), 10_000)) {
            Result result = new Result(build);
            for (int i = 0; i < 1_000; i++) {
                try (MemoryBuild.Partition partition = build.partition(DEALS, i)) {
                    partition.take(event(DEALS, 0, "deal-" + i, 1, new DealOpened("ann", 1)));
                    partition.end(0, result);
                }
            }
            build.end(result);
            assertThat(result.rows).containsOnlyKeys("ann");
            assertThat(result.rows.get("ann")).startsWith("1000,ann,1000,1000 @1000 ce_specversion=1.0");
        }
    }

    @Test
    void counts_what_is_held_of_all_partitions() {
        try (MemoryBuild build = build(new Deals.ByOwner(), 10_000);
                MemoryBuild.Partition one = build.partition(DEALS, 0);
                MemoryBuild.Partition other = build.partition(DEALS, 1)) {
            for (int i = 0; i < 8; i++) {
                one.take(event(DEALS, i, "deal-" + i, 1, new DealOpened("ann", 10)));
            }
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 8; i++) {
                            other.take(event(DEALS, i, "deal-" + i, 1, new DealOpened("ann", 10)));
                        }
                    })
                    .isInstanceOf(TooLargeException.class);
        }
    }

    @Test
    void partitions_that_are_taken_at_the_same_time_miss_no_change_of_a_group()
            throws InterruptedException, ExecutionException {
        int threads = 4;
        int deals = 2_000;
        CyclicBarrier together = new CyclicBarrier(threads);
        try (MemoryBuild build = build(new Deals.Holdings(), MUCH);
                ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Result>> parts = new ArrayList<>();
            for (int number = 0; number < threads; number++) {
                int partition = number;
                parts.add(executor.submit(() -> {
                    Result part = new Result(build);
                    try (MemoryBuild.Partition taken = build.partition(DEALS, partition)) {
                        together.await(10, TimeUnit.SECONDS);
                        for (int i = 0; i < deals; i++) {
                            String id = "deal-" + partition + "-" + i;
                            taken.take(event(DEALS, i, id, 1, new DealOpened("ann", 1)));
                        }
                        taken.end(deals - 1, part);
                    }
                    return part;
                }));
            }
            for (Future<Result> part : parts) {
                assertThat(part.get().stores.get("aggregates")).hasSize(deals);
            }
            Result groups = new Result(build);
            build.end(groups);
            assertThat(groups.rows).containsOnlyKeys("ann");
            assertThat(groups.rows.get("ann")).startsWith("8000,ann,8000,8000 ");
        }
    }

    /** What a build hands out. */
    private static final class Result implements MemoryBuild.Output {

        private final Map<String, Map<String, byte[]>> stores = new TreeMap<>();
        private final Map<String, String> rows = new TreeMap<>();
        private final List<Optional<Integer>> partitions = new ArrayList<>();

        Result(MemoryBuild build) {
            build.stores().forEach(store -> stores.put(store, new TreeMap<>()));
        }

        @Override
        public void entry(String store, @Nullable Integer partition, byte[] key, byte[] value) {
            partitions.add(Optional.ofNullable(partition));
            assertThat(stores.get(store).put(new String(key, StandardCharsets.UTF_8), value))
                    .isNull();
        }

        @Override
        public void row(Record<byte[], byte[]> row) {
            String id = new String(row.key(), StandardCharsets.UTF_8);
            assertThat(rows.put(id, text(row.value(), row.timestamp(), row.headers())))
                    .isNull();
        }

        byte[] slot(String store, String key) {
            return stores.get(store).get(key);
        }

        Map<String, Map<String, String>> values() {
            Map<String, Map<String, String>> values = new TreeMap<>();
            stores.forEach((store, entries) -> {
                Map<String, String> texts = new TreeMap<>();
                entries.forEach((key, slot) -> texts.put(key, withoutOffset(slot)));
                values.put(store, texts);
            });
            return values;
        }
    }

    private static Result built(View<?, ?> view, List<ConsumerRecord<byte[], byte[]>> events) {
        try (MemoryBuild build = build(view, MUCH)) {
            Result result = new Result(build);
            for (String topic : view instanceof Owners.NamedHoldings ? List.of(DEALS, OWNERS) : List.of(DEALS)) {
                try (MemoryBuild.Partition partition = build.partition(topic, 0)) {
                    long last = -1;
                    for (ConsumerRecord<byte[], byte[]> event : events) {
                        if (event.topic().equals(topic)) {
                            partition.take(event);
                            last = event.offset();
                        }
                    }
                    partition.end(last, result);
                }
            }
            build.end(result);
            return result;
        }
    }

    private static MemoryBuild build(View<?, ?> view, long limit) {
        return new MemoryBuild(folds(view), limit);
    }

    private static GenerationFolds folds(View<?, ?> view) {
        return GenerationFolds.of(view, generation(view), Deals.BINDING, TYPES, TOPICS, SERDES, Skips.NONE);
    }

    private static Generation generation(View<?, ?> view) {
        return new Generation(
                ViewId.first(view),
                ViewTopology.code(Deals.TYPE, view),
                Generation.Status.BUILDING,
                Map.of(),
                Instant.EPOCH);
    }

    /**
     * First all of one topic, then all of the other, as a build reads them: groups count their changes in this order.
     */
    private static List<ConsumerRecord<byte[], byte[]>> history(View<?, ?> view, Random random) {
        List<ConsumerRecord<byte[], byte[]>> history = new ArrayList<>();
        Map<String, Long> versions = new HashMap<>();
        for (int offset = 0; offset < EVENTS; offset++) {
            String id = "deal-" + random.nextInt(5);
            Deals.Event event = dealEvent(random);
            boolean erased = view.missingEvents() == MissingEvents.SKIP && random.nextInt(8) == 0;
            long expired = event instanceof DealSummedUp && !erased ? random.nextInt(3) : 0;
            long version = versions.merge(id, 1 + expired, Long::sum);
            history.add(erased ? record(DEALS, offset, id, version, null) : event(DEALS, offset, id, version, event));
        }
        if (view instanceof Owners.NamedHoldings) {
            for (int offset = 0; offset < EVENTS; offset++) {
                String id = "owner-" + random.nextInt(3);
                long version = versions.merge(id, 1L, Long::sum);
                history.add(record(OWNERS, offset, id, version, Owners.BINDING.toAvro(ownerEvent(random))));
            }
        }
        return history;
    }

    private static Deals.Event dealEvent(Random random) {
        String owner = "owner-" + random.nextInt(3);
        return switch (random.nextInt(5)) {
            case 0 -> new DealHandedOver(owner);
            case 3 -> new DealSummedUp(owner, random.nextInt(100));
            case 1 -> new DealNoted();
            case 2 -> new DealClosed();
            default -> new DealOpened(owner, random.nextInt(100));
        };
    }

    private static Owners.Event ownerEvent(Random random) {
        return random.nextBoolean() ? new Owners.OwnerNamed("name-" + random.nextInt(9)) : new Owners.OwnerLeft();
    }

    private static ConsumerRecord<byte[], byte[]> event(
            String topic, long offset, String id, long version, Deals.Event event) {
        return record(topic, offset, id, version, Deals.BINDING.toAvro(event));
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String topic, long offset, String id, long version, @Nullable GenericRecord event) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.TIME.put(headers, "2011-01-04T10:00:00.123456Z");
        HeaderName.AUTH_ID.put(headers, "somebody");
        byte[] value = null;
        if (event != null) {
            try (var serializer = SERDES.newSerializer()) {
                value = serializer.serialize("any", headers, event);
            }
        }
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                1_000 + offset,
                TimestampType.CREATE_TIME,
                0,
                0,
                new EventKey(id, version).toBytes(),
                value,
                headers,
                Optional.empty());
    }

    private TopologyTestDriver driver(View<?, ?> view) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, ViewTopology.applicationId(ViewId.first(view)));
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(
                StreamsConfig.STATE_DIR_CONFIG,
                stateDir.resolve(Long.toString(System.nanoTime())).toString());
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        return new TopologyTestDriver(ViewTopology.of(folds(view)), config);
    }

    private static void pipe(TopologyTestDriver driver, ConsumerRecord<byte[], byte[]> event) {
        driver.createInputTopic(event.topic(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(event.key(), event.value(), event.headers(), event.timestamp()));
    }

    private static void lastRows(TopologyTestDriver driver, View<?, ?> view, Map<String, String> rows) {
        TestOutputTopic<String, byte[]> topic = driver.createOutputTopic(
                TOPICS.view(view.name(), 1), new StringDeserializer(), new ByteArrayDeserializer());
        for (TestRecord<String, byte[]> row : topic.readRecordsToList()) {
            if (row.value() == null) {
                rows.remove(row.key());
            } else {
                rows.put(row.key(), text(row.value(), row.timestamp(), row.headers()));
            }
        }
    }

    private static Map<String, Map<String, String>> stored(TopologyTestDriver driver, Iterable<String> stores) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (String store : stores) {
            Map<String, String> entries = new TreeMap<>();
            KeyValueStore<byte[], byte[]> stored = driver.getKeyValueStore(store);
            try (var each = stored.all()) {
                each.forEachRemaining(entry ->
                        entries.put(new String(entry.key, StandardCharsets.UTF_8), withoutOffset(entry.value)));
            }
            all.put(store, entries);
        }
        return all;
    }

    private static String withoutOffset(byte[] slot) {
        ByteBuffer buffer = ByteBuffer.wrap(slot.clone()).putLong(Long.BYTES, 0);
        return new String(buffer.array(), StandardCharsets.ISO_8859_1);
    }

    private static long offset(byte[] slot) {
        return ByteBuffer.wrap(slot).getLong(Long.BYTES);
    }

    private static String text(byte[] value, long timestamp, Headers headers) {
        StringBuilder text = new StringBuilder();
        try (var deserializer = SERDES.newDeserializer()) {
            GenericRecord row = (GenericRecord) deserializer.deserialize("any", headers, value);
            text.append(row.get("version"));
            row.getSchema().getFields().stream()
                    .skip(2)
                    .forEach(field -> text.append(',').append(row.get(field.pos())));
        }
        text.append(" @").append(timestamp);
        for (Header header : headers) {
            text.append(' ')
                    .append(header.key())
                    .append('=')
                    .append(new String(header.value(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
