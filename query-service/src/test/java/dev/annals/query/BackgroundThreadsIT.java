package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.testsupport.BackgroundThreads;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each background thread is killed while the service runs. */
@Tag("long")
@WithKafka
class BackgroundThreadsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaCluster kafka;

    BackgroundThreadsIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @Test
    void the_service_counts_the_loss_of_each_and_goes_on(@TempDir Path state) {
        try (Installation installation = new Installation(kafka)) {
            Instance instance = installation.start(state);
            installation.awaitReady();

            Set<String> killed = BackgroundThreads.kill(instance.text("/metrics"));

            assertThat(killed)
                    .containsExactlyInAnyOrder(
                            "cut-off-detector",
                            "cut-over",
                            "cluster-watch",
                            "kafka-watch",
                            "pause-detector",
                            "tables-catch-up",
                            "tables-lag",
                            "tables-removal",
                            "view-registry",
                            "view-stop-writer");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(BackgroundThreads.failed(instance.text("/metrics")))
                            .containsExactlyElementsOf(killed));
            installation.awaitReady();
            installation.account("ann", 1, "12.5");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(
                                    instance.get("/v1/accounts/ann?timeout=1").status())
                            .isEqualTo(200));
        }
    }
}
