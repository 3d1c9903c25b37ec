package dev.annals.projector.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.GenerationFolds;
import dev.annals.engine.projecting.MemoryBuild;
import dev.annals.engine.projecting.Skips;
import dev.annals.engine.projecting.ViewFailedException;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.OrdersDomain;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the threads of a build do for each other, without a broker. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class BulkReadingTest {

    private static final Topics TOPICS = new Topics("");
    private static final String EVENTS = TOPICS.events("orders");
    private static final TopicPartition UNREADABLE = new TopicPartition(EVENTS, 0);
    private static final TopicPartition SILENT = new TopicPartition(EVENTS, 1);
    private static final TopicPartition EMPTY = new TopicPartition(EVENTS, 2);

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration NOT_YET = Duration.ofMillis(200);
    private static final int READERS = 2;

    private final Queue<MockConsumer<byte[], byte[]>> consumers = new ConcurrentLinkedQueue<>();
    private final MemoryBuild build = build();

    @AfterEach
    void close() {
        build.close();
    }

    @Test
    void one_that_fails_ends_all_and_is_told_of() {
        try (BulkReading reading = reading(UNREADABLE, SILENT)) {
            assertThatThrownBy(() -> reading.isDone(SOON))
                    .isInstanceOf(ViewFailedException.class)
                    .hasMessageContaining("expected the key of an event");
        }
        assertThat(consumers).hasSize(READERS).allMatch(MockConsumer::closed);
    }

    @Test
    void is_not_done_while_one_partition_is_not_read() throws InterruptedException {
        try (BulkReading reading = reading(EMPTY, SILENT)) {
            assertThat(reading.isDone(NOT_YET)).isFalse();
        }
        assertThat(consumers).hasSize(READERS).allMatch(MockConsumer::closed);
    }

    @Test
    void says_where_to_go_on_in_each_partition() throws InterruptedException {
        TopicPartition another = new TopicPartition(EVENTS, 3);
        try (BulkReading reading = reading(EMPTY, another, new TopicPartition(EVENTS, 4))) {
            assertThat(reading.isDone(SOON)).isTrue();
            assertThat(reading.next())
                    .hasSize(3)
                    .allSatisfy((partition, next) -> assertThat(next.offset()).isZero());
        }
    }

    private BulkReading reading(TopicPartition... partitions) {
        return new BulkReading("test", READERS, List.of(partitions), this::consumer, build, new Nowhere());
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        MockConsumer<byte[], byte[]> consumer = new EventsConsumer();
        consumers.add(consumer);
        return consumer;
    }

    /** One partition has a record that is no event, one has a record that never comes, and all others have none. */
    private static final class EventsConsumer extends MockConsumer<byte[], byte[]> {

        EventsConsumer() {
            super("earliest");
        }

        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
            super.assign(partitions);
            for (TopicPartition each : partitions) {
                updateBeginningOffsets(Map.of(each, 0L));
                updateEndOffsets(Map.of(each, each.equals(UNREADABLE) || each.equals(SILENT) ? 1L : 0L));
                if (each.equals(UNREADABLE)) {
                    byte[] key = "no event".getBytes(StandardCharsets.UTF_8);
                    schedulePollTask(
                            () -> addRecord(new ConsumerRecord<>(each.topic(), each.partition(), 0, key, key)));
                }
            }
        }
    }

    private record Nowhere() implements MemoryBuild.Output {
        @Override
        public void entry(String store, @Nullable Integer partition, byte[] key, byte[] value) {}

        @Override
        public void row(Record<byte[], byte[]> row) {}
    }

    private static MemoryBuild build() {
        CountrySalesView view = new CountrySalesView();
        AggregateBinding<?, ?, ?> orders = AggregateBinding.of(new OrdersDomain().aggregate());
        AvroSerdes serdes = new AvroSerdes(
                "dev.annals.serde.RegistryAvroSerializer",
                "dev.annals.serde.RegistryAvroDeserializer",
                Map.of(
                        "schema.registry.url", "mock://bulk-reading",
                        "value.subject.name.strategy", "TopicRecordNameStrategy"));
        Generation generation = new Generation(
                ViewId.first(view),
                ViewTopology.code(orders.type(), view),
                Generation.Status.BUILDING,
                Map.of(),
                Instant.EPOCH);
        return new MemoryBuild(
                GenerationFolds.of(view, generation, orders, List.of(orders), TOPICS, serdes, Skips.NONE), 1 << 20);
    }
}
