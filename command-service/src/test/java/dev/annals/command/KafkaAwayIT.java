package dev.annals.command;

import static dev.annals.command.Instance.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.service.kafka.KafkaWatch;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker of its own, which is killed. */
@Tag("heavy")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KafkaAwayIT {

    private static final String OPEN = "{\"owner\": \"ann\", \"currency\": \"CZK\"}";

    @Test
    void commands_are_refused_in_time_and_taken_again_when_kafka_is_back(@TempDir Path folder) {
        try (BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(folder.resolve("broker")));
                Instance service = start(broker, folder.resolve("state"))) {
            service.awaitReady();
            HttpResponse<String> before = open(service, "before").join();
            assertThat(before.statusCode()).isEqualTo(201);

            broker.kill();
            var waiting = open(service, "waiting");
            var async = open(service, "async", "Prefer", "respond-async");
            // Who asks would else fail by its own limit.
            for (HttpResponse<String> refused : List.of(waiting.join(), async.join())) {
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
                assertThat(header(refused, "Retry-After")).isNotEmpty();
                assertThat(refused.body()).contains("Kafka does not answer");
            }
            await().atMost(KafkaWatch.NOTICED_WITHIN)
                    .untilAsserted(() ->
                            assertThat(service.get("/health/ready").body()).contains("Kafka does not answer"));
            assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
            // Its lane may have lost its place by now; that nobody has heard of the command would be wrong.
            HttpResponse<String> away = service.get("/v1/commands/before");
            assertThat(away.statusCode()).as(away.body()).isIn(200, 503);
            assertThat(service.get("/metrics").body())
                    .contains("annals_commands_in_flight 0.0", "annals_kafka_answers 0.0");

            broker.start();
            service.awaitReady();
            assertThat(service.get("/metrics").body()).contains("annals_kafka_answers 1.0");
            assertThat(service.get("/v1/commands/before").body()).isEqualTo(before.body());
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                HttpResponse<String> again = open(service, "waiting").join();
                assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
            });
        }
    }

    private static Instance start(BrokerProcess broker, Path stateDir) {
        return Instance.start(broker.bootstrapServers(), "mock://" + UUID.randomUUID(), "away.", stateDir, Map.of());
    }

    private static CompletableFuture<HttpResponse<String>> open(Instance service, String id, String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Idempotency-Key";
        all[1] = id;
        return service.postAsync("/v1/accounts/" + id + "/OpenAccount", OPEN, all);
    }
}
