package dev.annals.operations.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.kafka.Topics;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaAccessTest {

    private final KafkaAccess access = new KafkaAccess(
            "none:1",
            "http://none:2",
            new Topics(""),
            Map.of(
                    "acks", "0",
                    "enable.idempotence", "false",
                    "isolation.level", "read_uncommitted",
                    "enable.auto.commit", "true",
                    "linger.ms", "7"));

    @Test
    void a_setting_of_the_user_wins_unless_a_record_could_be_lost_or_taken_back() {
        assertThat(access.producerConfig())
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("linger.ms", "7");
        assertThat(access.consumerConfig())
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false);
    }
}
