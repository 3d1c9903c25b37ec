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

    @Test
    void settings_that_kafka_does_not_know_reach_every_client_and_those_of_others_do_not() {
        KafkaAccess own = new KafkaAccess(
                "none:1",
                null,
                new Topics(""),
                Map.of(
                        "config.providers", "file",
                        "config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider",
                        "vault.address", "https://vault",
                        "max.poll.records", "7",
                        "batch.size", "9"));

        assertThat(own.producerConfig())
                .containsKeys("config.providers", "config.providers.file.class", "vault.address", "batch.size")
                .doesNotContainKey("max.poll.records");
        assertThat(own.consumerConfig())
                .containsKeys("config.providers", "config.providers.file.class", "vault.address", "max.poll.records")
                .doesNotContainKey("batch.size");
    }

    @Test
    void its_text_has_no_values() {
        KafkaAccess own = new KafkaAccess(
                "none:1", "http://ann:s3cret@none", new Topics(""), Map.of("sasl.jaas.config", "s3cret"));

        assertThat(own.toString()).contains("sasl.jaas.config").doesNotContain("s3cret");
        assertThat(own.serdes().toString()).contains("schema.registry.url").doesNotContain("s3cret");
        assertThat(own.clients().toString()).contains("sasl.jaas.config").doesNotContain("s3cret");
    }
}
