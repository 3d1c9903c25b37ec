package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsDefaultsTest {

    private static ServiceConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of("kafka.bootstrap.servers", "localhost:1"));
        settings.putAll(more);
        return ServiceConfig.of(Settings.of(settings), 0);
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
