package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsDefaultsTest {

    private static ServiceConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of("kafka.bootstrap.servers", "localhost:1"));
        settings.putAll(more);
        return ServiceConfig.of(Settings.of(settings), 0);
    }

    @Test
    void a_transaction_is_open_for_at_most_what_kafka_streams_says() {
        assertThat(StreamsDefaults.transactionTimeout(config(Map.of()))).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka.transaction.timeout.ms", "kafka.producer.transaction.timeout.ms"})
    void a_longer_transaction_timeout_counts_wherever_it_is_set(String key) {
        assertThat(StreamsDefaults.transactionTimeout(config(Map.of(key, "60000"))))
                .isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void stores_are_restored_many_records_at_a_time_or_as_the_operator_says() {
        assertThat(restoredAtATime(Map.of())).isEqualTo("10000");
        assertThat(restoredAtATime(Map.of("kafka.restore.consumer.max.poll.records", "50")))
                .isEqualTo("50");
    }

    private static String restoredAtATime(Map<String, String> settings) {
        return String.valueOf(new StreamsConfig(StreamsDefaults.of(config(settings), "any"))
                .getRestoreConsumerConfigs("any")
                .get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG));
    }
}
