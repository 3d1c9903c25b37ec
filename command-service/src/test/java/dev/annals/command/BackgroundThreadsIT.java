package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.testsupport.BackgroundThreads;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each background thread is killed while the service runs. */
@WithKafka
class BackgroundThreadsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Map<String, String> WITH_RETENTION = Map.of("annals.command.retention.accounts", "P30D");

    @Test
    void the_service_counts_the_loss_of_each_and_goes_on(KafkaCluster kafka, @TempDir Path state) {
        try (Instance instance = Instance.start(kafka, kafka.uniqueName("threads") + ".", state, WITH_RETENTION)) {
            instance.awaitReady();

            Set<String> killed = BackgroundThreads.kill(metrics(instance));

            assertThat(killed)
                    .containsExactlyInAnyOrder("cluster-watch", "kafka-watch", "reply-follower", "retention-accounts");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(BackgroundThreads.failed(metrics(instance)))
                            .containsExactlyElementsOf(killed));
            instance.awaitReady();
            assertThat(instance.post("/v1/accounts/ann/OpenAccount", "{\"owner\":\"Ann\",\"currency\":\"CZK\"}")
                            .statusCode())
                    .as("the reply is seen")
                    .isEqualTo(201);
        }
    }

    private static String metrics(Instance instance) {
        return instance.get("/metrics").body();
    }
}
