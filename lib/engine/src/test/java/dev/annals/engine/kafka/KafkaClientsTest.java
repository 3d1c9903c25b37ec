package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.Test;

/** What reaches the clients, as a plug-in of theirs sees it. */
class KafkaClientsTest {

    private static final List<Map<String, ?>> SEEN = new CopyOnWriteArrayList<>();

    private static final KafkaClients CLIENTS = new KafkaClients(
            Map.of(
                    "bootstrap.servers", "127.0.0.1:1",
                    "metric.reporters", Plugin.class.getName(),
                    "config.providers", "directory",
                    "config.providers.directory.class",
                            "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
                    "vault.address", "https://s3cret"),
            Duration.ofSeconds(1));

    /** With settings of its own. */
    public static final class Plugin implements MetricsReporter {

        @Override
        public void configure(Map<String, ?> configs) {
            SEEN.add(Map.copyOf(Map.of(
                    "vault.address", String.valueOf(configs.get("vault.address")),
                    "provider", String.valueOf(configs.get("config.providers.directory.class")))));
        }

        @Override
        public void init(List<KafkaMetric> metrics) {}

        @Override
        public void metricChange(KafkaMetric metric) {}

        @Override
        public void metricRemoval(KafkaMetric metric) {}

        @Override
        public void close() {}
    }

    @Test
    void every_client_gets_settings_that_kafka_does_not_know() {
        SEEN.clear();

        CLIENTS.consumer(Map.of()).close();
        CLIENTS.producer(Map.of()).close();
        CLIENTS.admin().close();

        assertThat(SEEN).hasSize(3).allSatisfy(seen -> {
            assertThat(seen.get("vault.address")).isEqualTo("https://s3cret");
            assertThat(seen.get("provider"))
                    .isEqualTo("org.apache.kafka.common.config.provider.DirectoryConfigProvider");
        });
    }

    @Test
    void its_text_has_no_values() {
        assertThat(CLIENTS.toString()).contains("vault.address").doesNotContain("s3cret");
    }
}
