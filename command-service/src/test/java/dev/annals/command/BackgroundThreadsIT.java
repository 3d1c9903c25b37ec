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
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each background thread is killed while the service runs. */
@Tag("heavy")
@WithKafka
class BackgroundThreadsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Map<String, String> WITH_RETENTION = Map.of("annals.command.retention.accounts", "P30D");

    @Test
    void the_service_counts_the_loss_of_each_and_goes_on(KafkaCluster kafka, @TempDir Path state) {
        try (Instance instance = Instance.start(kafka, kafka.uniqueName("threads") + ".", state, WITH_RETENTION)) {
            instance.awaitReady();

            Set<String> killed = BackgroundThreads.kill(metrics(instance));

            assertThat(killed).containsExactlyInAnyOrder("cluster-watch", "kafka-watch", "retention-accounts");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(BackgroundThreads.failed(metrics(instance)))
                            .containsExactlyElementsOf(killed));
            instance.awaitReady();
            assertThat(open(instance, "ann")).isEqualTo(201);
        }
    }

    /** They are no workers that are supervised: each begins anew by itself. */
    @Test
    void lanes_and_who_polls_for_them_go_on_when_they_are_interrupted(KafkaCluster kafka, @TempDir Path state) {
        try (Instance instance = Instance.start(kafka, kafka.uniqueName("lanes") + ".", state, Map.of())) {
            instance.awaitReady();

            Set<String> interrupted = new TreeSet<>();
            for (Thread each : Thread.getAllStackTraces().keySet()) {
                if (each.getName().equals("commands-accounts") || each.getName().startsWith("lane-accounts-")) {
                    each.interrupt();
                    interrupted.add(each.getName());
                }
            }

            assertThat(interrupted).containsExactly("commands-accounts", "lane-accounts-0", "lane-accounts-1");
            for (int i = 0; i < 8; i++) {
                String id = "bob-" + i;
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(open(instance, id)).isEqualTo(201));
            }
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(instance.get("/health/ready").body()).contains("\"ready\""));
        }
    }

    private static int open(Instance instance, String id) {
        return instance.post(
                        "/v1/accounts/" + id + "/OpenAccount",
                        "{\"owner\":\"Ann\",\"currency\":\"CZK\"}",
                        "Idempotency-Key",
                        id)
                .statusCode();
    }

    private static String metrics(Instance instance) {
        return instance.get("/metrics").body();
    }
}
