package dev.annals.engine.viewregistry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryStateTest {

    private static final Topics TOPICS = new Topics("blue.");
    private static final ViewId ORDERS = new ViewId("orders", 2);
    private static final Instant TEN = Instant.parse("2026-11-22T10:00:00Z");
    private static final RecordPlace PLACE = new RecordPlace("blue.orders.events", 3, 17);

    private final RegistryState state = new RegistryState();
    private long offset;

    private void take(@Nullable String key, @Nullable String value) {
        state.take(new ConsumerRecord<>(
                TOPICS.views(),
                0,
                offset++,
                key == null ? null : key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8)));
    }

    private void take(RegistryEntry entry) {
        ProducerRecord<byte[], byte[]> record = entry.toRecord(TOPICS);
        take(new String(record.key(), UTF_8), new String(record.value(), UTF_8));
    }

    private static Stop stop(RecordPlace place) {
        return new Stop(ORDERS, place, "a/1", "garbage", TEN);
    }

    @Test
    void a_stop_is_json_under_a_key_of_view_and_partition() {
        ProducerRecord<byte[], byte[]> record = stop(PLACE).toRecord(TOPICS);

        assertThat(record.topic()).isEqualTo("blue.annals.views");
        assertThat(record.partition()).isZero();
        assertThat(record.key()).asString(UTF_8).isEqualTo("stop/orders/2/blue.orders.events-3");
        assertThat(record.value())
                .asString(UTF_8)
                .isEqualTo("{\"view\":\"orders\",\"generation\":2,\"topic\":\"blue.orders.events\",\"partition\":3,"
                        + "\"offset\":17,\"key\":\"a/1\",\"reason\":\"garbage\",\"since\":\"2026-11-22T10:00:00Z\"}");
    }

    @Test
    void a_skip_is_json_under_a_key_of_view_and_offset() {
        ProducerRecord<byte[], byte[]> record = new Skip(ORDERS, PLACE, "junk", TEN).toRecord(TOPICS);

        assertThat(record.key()).asString(UTF_8).isEqualTo("skip/orders/2/blue.orders.events-3@17");
        assertThat(record.value())
                .asString(UTF_8)
                .isEqualTo("{\"view\":\"orders\",\"generation\":2,\"topic\":\"blue.orders.events\",\"partition\":3,"
                        + "\"offset\":17,\"reason\":\"junk\",\"time\":\"2026-11-22T10:00:00Z\"}");
    }

    @Test
    void entries_are_read_as_they_were_written_and_the_last_of_a_key_counts() {
        RecordPlace later = new RecordPlace("blue.orders.events", 3, 18);
        Stop withoutKey = new Stop(ORDERS, later, null, "more garbage", TEN);
        take(stop(PLACE));
        take(withoutKey);

        assertThat(state.stops()).containsExactly(withoutKey);
        assertThat(state.contains(withoutKey)).isTrue();
        assertThat(state.contains(stop(PLACE))).isFalse();
    }

    @Test
    void a_skip_counts_for_its_place_and_its_generation_of_the_view_until_it_is_removed() {
        Skip skip = new Skip(ORDERS, PLACE, "junk", TEN);
        take(skip);

        assertThat(state.skip(ORDERS, PLACE)).isEqualTo(skip);
        assertThat(state.skip(new ViewId("orders", 1), PLACE)).isNull();
        assertThat(state.skip(ORDERS, new RecordPlace("blue.orders.events", 3, 18)))
                .isNull();

        take(skip.key(), null);
        assertThat(state.skip(ORDERS, PLACE)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stop/orders/2/t-0 | no JSON",
                "stop/orders/2/t-0 | {}",
                "stop/orders/2/t-0 | {\"view\":\"orders\",\"generation\":2,\"topic\":\"t\",\"partition\":0,\"offset\":\"x\"}",
                "skip/orders/2/t-0@1 | {\"view\":\"orders\",\"generation\":2,\"topic\":\"t\",\"partition\":0,\"offset\":2,"
                        + "\"reason\":\"r\",\"time\":\"2026-11-22T10:00:00Z\"}",
                "skip/orders/2/t-0@1 | {\"view\":\"orders\",\"generation\":2,\"topic\":\"t\",\"partition\":0,\"offset\":1,"
                        + "\"reason\":\"r\",\"time\":\"soon\"}",
                "other | {}",
                " | {}"
            })
    void what_is_no_entry_is_left_out(@Nullable String key, String value) {
        take(key, value);
        take(stop(PLACE));

        assertThat(state.stops()).hasSize(1);
        assertThat(state.skip(ORDERS, new RecordPlace("t", 0, 1))).isNull();
    }

    /** Names of folders, topics and groups are made of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders/../../broker/orders.events",
                "..",
                "",
                "Orders",
                "orders.events",
                "\\u0000",
                "orders\\u0000",
                "a b"
            })
    void an_entry_about_what_can_be_no_view_is_left_out(String name) {
        String unescaped = name.replace("\\u0000", "\0");
        take("generation/%s/1".formatted(unescaped), generation(name, "1"));

        assertThat(state.generations().all()).isEmpty();
        assertThat(state.unreadable()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, -1", "4294967297, 1", "1.5, 1"})
    void an_entry_about_what_can_be_no_generation_is_left_out(String number, String inKey) {
        take("generation/orders/" + inKey, generation("orders", number));

        assertThat(state.generations().all()).isEmpty();
    }

    @Test
    void of_what_is_left_out_no_more_is_counted_once_it_is_removed_or_right() {
        take("generation/orders/1", generation("", "1"));
        take("generation/orders/2", generation("", "2"));
        take("generation/orders/2", generation("", "3"));
        assertThat(state.unreadable()).isEqualTo(2);

        take("generation/orders/1", null);
        take("generation/orders/2", generation("orders", "2"));
        assertThat(state.unreadable()).isZero();
        assertThat(state.generations().all()).hasSize(1);
    }

    private static String generation(String view, String number) {
        return ("{\"view\":\"%s\",\"generation\":%s,\"code\":{\"version\":1,\"shape\":\"\"},\"status\":\"gone\","
                        + "\"since\":\"2020-01-01T00:00:00Z\"}")
                .formatted(view, number);
    }

    @Test
    void a_long_reason_is_cut() {
        assertThat(new Stop(ORDERS, PLACE, null, "x".repeat(100_000), TEN).reason())
                .hasSize(Stop.MAX_TEXT)
                .endsWith("…");
    }

    @Test
    void a_reader_says_when_it_has_everything_that_was_there() {
        TopicPartition partition = new TopicPartition(TOPICS.views(), 0);
        try (MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest")) {
            consumer.updateBeginningOffsets(Map.of(partition, 0L));
            consumer.updateEndOffsets(Map.of(partition, 2L));
            RegistryReader reader = new RegistryReader(consumer, TOPICS, state, Duration.ofSeconds(1));

            assertThat(reader.poll(Duration.ZERO)).isFalse();
            consumer.addRecord(record(0, stop(PLACE)));
            assertThat(reader.poll(Duration.ZERO)).isFalse();
            consumer.addRecord(record(1, new Skip(ORDERS, PLACE, "junk", TEN)));
            assertThat(reader.poll(Duration.ZERO)).isTrue();
            assertThat(state.skip(ORDERS, PLACE)).isNotNull();
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, RegistryEntry entry) {
        ProducerRecord<byte[], byte[]> record = entry.toRecord(TOPICS);
        return new ConsumerRecord<>(TOPICS.views(), 0, offset, record.key(), record.value());
    }

    @Test
    void a_place_is_read_as_it_is_written() {
        RecordPlace place = new RecordPlace("blue-1.orders.events", 3, 17);

        assertThat(place).hasToString("blue-1.orders.events-3@17");
        assertThat(RecordPlace.parse("blue-1.orders.events-3@17")).isEqualTo(place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders.events", "orders.events-3", "orders.events@17", "orders.events-3:17", "-3@17"})
    void what_is_no_place_is_refused_with_an_example(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordPlace.parse(text))
                .withMessageContaining("orders.events-2@17");
    }
}
