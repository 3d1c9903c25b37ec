package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolledRecordsTest {

    private static final int MOST = 5;
    private static final byte[] KEY = {};
    private static final TopicPartition A = new TopicPartition("commands", 0);
    private static final TopicPartition B = new TopicPartition("commands", 1);

    private final PolledRecords.Counter counter = new PolledRecords.Counter();
    private final PolledRecords polled = PolledRecords.ofThread();

    PolledRecordsTest() {
        counter.configure(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST));
    }

    @AfterEach
    void leave_nothing_to_the_next_test() {
        polled.drop(A.partition());
        polled.drop(B.partition());
    }

    private void poll(int ofA, int ofB) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        Map.of(A, ofA, B, ofB)
                .forEach((partition, count) -> records.put(
                        partition,
                        IntStream.range(0, count)
                                .mapToObj(i -> new ConsumerRecord<>("commands", partition.partition(), i, KEY, KEY))
                                .toList()));
        counter.onConsume(new ConsumerRecords<>(records, Map.of()));
    }

    @Test
    void are_through_with_the_last_one_of_all_partitions() {
        poll(2, 1);

        assertThat(polled.processed(A)).isFalse();
        assertThat(polled.processed(A)).isFalse();
        assertThat(polled.processed(B)).isTrue();
    }

    @Test
    void of_several_polls_add_up() {
        poll(1, 0);
        poll(1, 0);

        assertThat(polled.processed(A)).isFalse();
        assertThat(polled.processed(A)).isTrue();
    }

    @Test
    void are_not_through_when_the_last_poll_was_full() {
        poll(MOST, 0);
        for (int i = 0; i < MOST; i++) {
            assertThat(polled.processed(A)).isFalse();
        }

        poll(1, 0);
        assertThat(polled.processed(A)).isTrue();
    }

    @Test
    void of_a_partition_that_went_to_another_instance_are_not_waited_for() {
        poll(1, 3);
        polled.drop(B.partition());

        assertThat(polled.processed(A)).isTrue();
    }

    @Test
    void are_through_once_in_a_pause() {
        Duration pause = Duration.ofMinutes(1);
        poll(1, 0);
        assertThat(polled.processed(A, pause)).isTrue();

        poll(1, 0);
        assertThat(polled.processed(A, pause)).isFalse();

        poll(1, 0);
        assertThat(polled.processed(A, Duration.ZERO)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main.consumer.interceptor.classes", "consumer.interceptor.classes", "interceptor.classes"})
    void are_counted_after_the_interceptors_of_the_operator(String setting) {
        assertThat(PolledRecords.install(Map.of(setting, "their.Tracing")))
                .containsEntry(
                        "main.consumer.interceptor.classes", "their.Tracing," + PolledRecords.Counter.class.getName());
    }

    @Test
    void that_nobody_counted_end_nothing() {
        assertThat(polled.processed(A)).isFalse();

        poll(0, 1);
        assertThat(polled.processed(A)).isFalse();
        assertThat(polled.processed(B)).isTrue();
    }
}
