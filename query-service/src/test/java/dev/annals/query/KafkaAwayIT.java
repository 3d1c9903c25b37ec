package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.query.Instance.Response;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed, and comes back. */
@Tag("long")
@WithKafka
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KafkaAwayIT {

    private final KafkaCluster kafka;

    KafkaAwayIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void rows_are_read_from_what_is_here_and_everything_else_says_that_kafka_does_not_answer(@TempDir Path state) {
        try (Installation installation = new Installation(kafka)) {
            Instance service = installation.start(state);
            service.awaitReady();
            installation.account("here", 3, "1");
            service.await("/v1/accounts/here");
            assertThat(service.text("/metrics")).contains("annals_kafka_answers 1.0");

            kafka.broker().kill();
            try {
                await().atMost(KafkaWatch.NOTICED_WITHIN).untilAsserted(() -> {
                    Response ready = service.get("/health/ready");
                    assertThat(ready.status()).isEqualTo(503);
                    assertThat(ready.json().toString()).contains("Kafka does not answer since ");
                });
                assertThat(service.text("/metrics")).contains("annals_kafka_answers 0.0");
                assertThat(service.get("/v1/accounts/here").etag()).isEqualTo("\"3\"");
                Response views = service.get("/v1/views");
                assertThat(views.status()).isEqualTo(503);
                assertThat(views.detail()).contains("Kafka does not answer");
            } finally {
                kafka.broker().start();
            }
            service.awaitReady();
            assertThat(service.text("/metrics")).contains("annals_kafka_answers 1.0");
            assertThat(service.await("/v1/views").status()).isEqualTo(200);
        }
    }
}
